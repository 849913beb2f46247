"""How Sphinx builds the documentation: offline, from this tree, with every warning an error (`-nW`)."""

import os
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # rules and kernels are then plain functions, which autodoc can describe

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS), str(DOCS / "_ext")]

from cosim.version import VERSION  # noqa: E402

project = "cosim"
author = "The cosim developers"
copyright = author
version = release = VERSION
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "generated_text", "tree_links", "plain_code"]
exclude_patterns = ["_build", "generated", "_ext", "_static", "images"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "none"
autodoc_preserve_defaults = True
default_role = "literal"
smartquotes = False
pygments_style = "friendly"

html_theme = "furo"
html_title = f"cosim {VERSION}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
