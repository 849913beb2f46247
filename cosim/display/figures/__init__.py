"""One figure a file; each takes tables and gives a Matplotlib figure in the house style (`cosim/display/style.py`)."""
