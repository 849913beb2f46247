"""Chinese texts by their English ones, from the catalogues in `zh/`.

They are GNU's PO files, read here by a few lines: a command line that says three sentences must not wait for a library
that could do more.
"""

import json
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

QUOTED = r'((?:[ ]*"[^\n]*"\n?)+)'
"""Lines in quotation marks, which are one text together."""
MESSAGE = re.compile(rf"^msgid{QUOTED}(?:msgid_plural{QUOTED})?msgstr(?:\[0\])?{QUOTED}", re.MULTILINE)


class Catalogue(NullTranslations):
    """Translations into a language that has one form for any number, as Chinese does."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._texts: dict[str, str] = {}
        for path in sorted(folder.glob("*.po")):
            self._texts.update(entries(path.read_text(encoding="utf-8")))

    def gettext(self, message: str) -> str:
        """Return a text's translation; the text itself where there is none."""
        return self._texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a text that depends on a number."""
        return self._texts.get(msgid1) or super().ngettext(msgid1, msgid2, n)


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield English texts and their translations, as a catalogue has them; its head is none."""
    for found in MESSAGE.finditer(text):
        one, more, translated = (_unquoted(part) for part in found.groups(default=""))
        if one:
            yield one, translated
        if more:
            yield more, translated


def _unquoted(lines: str) -> str:
    return "".join(json.loads(line) for line in lines.splitlines())
