"""What one person does or feels, as small pure functions: numbers in, a number out.

A rule is a sentence about one person. It holds no array and draws no random number: where chance
decides, the rule gives the probability and the caller compares it with that person's keyed draw.
Rules compile and inline into the loops of `cosim.month`; `rule.py_func` is the plain function.
"""
