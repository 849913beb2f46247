"""The parts of the page: each file has a `show(visitor)`, and beside it the Vue template that draws it."""
