"""The directive `{generated}` and the role `{value}`: text that the code says, so that nobody types it."""

import shlex
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from generated import made


class Generated(SphinxDirective):
    """Markdown that `docs/generated/NAME.py: lines(*args)` returns."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Put the Markdown where the directive stands; headings in it become headings of the page."""
        name, *arguments = shlex.split(self.arguments[0])
        self.env.note_reread()
        lines = made("lines", name, arguments).splitlines()
        holder = nodes.Element()
        holder.document = self.state.document
        content = StringList(lines, source=str(self.env.doc2path(self.env.docname)))
        self.state.nested_parse(content, 0, holder, match_titles=True)
        return holder.children


class Value(SphinxRole):
    """A word or number that `docs/generated/NAME.py: value(*args)` returns."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Put the text where the role stands."""
        name, *arguments = shlex.split(self.text)
        self.env.note_reread()
        return [nodes.Text(made("value", name, arguments))], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of both."""
    app.add_directive("generated", Generated)
    app.add_role("value", Value())
    return {"parallel_read_safe": True}
