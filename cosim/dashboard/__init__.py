"""The dashboard: two communities side by side, for a lecture hall. One class a visitor, one file a panel.

`serving.py` starts the server, `page.py` is the page, `visitor.py` one visitor's view and what its controls do,
`worlds.py` two worlds in step, `frames.py` what is kept of each month; every file in `panels/` is a part of the page,
with the Vue template of the same name that draws it.
"""
