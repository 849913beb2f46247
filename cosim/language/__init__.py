"""The languages in which results speak: English as it stands in the code, Chinese from the catalogues in `zh/`.

A translator is called `say` wherever it is used: `say("the middle 95 % of {count} runs", count=20)`. What is made
before anybody knows in which language it will be read, such as an error, is `told("{value} is too small", value=3)`:
the English text, which `say` can say again. So the sentences that need a translation can be found by these names, and
a test tells which have none.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from cosim.language.catalogue import Catalogue

CODES = ("en", "zh")
"""Languages by their ISO 639 code."""


class Labelled(Protocol):
    """What is declared with a label in both languages: a measure, a column."""

    @property
    def en(self) -> str:
        """Label in English."""

    @property
    def zh(self) -> str:
        """Label in Chinese."""


class Told(str):
    """An English text that remembers how it was made, so that another language can say it again.

    `template` is the text with `{names}` in it, and `values` what fills them: other such texts too, and lists of them.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> "Told":
        """Make the English text."""
        text = super().__new__(cls, ENGLISH(template, **values))
        text.template, text.values = template, values
        return text

    def __getnewargs__(self) -> tuple[str, Mapping[str, object]]:  # type: ignore[override]
        """Return what a copy, here or in another process, is made from."""
        return self.template, self.values


def told(text: str, /, **values: object) -> Told:
    """Return an English text, `{names}` in it filled in, that `say` can say again; a list fills one with commas."""
    return Told(text, values)


class Language:
    """One language; `code` is one of `CODES`."""

    def __init__(self, code: str, catalogue: gettext.NullTranslations) -> None:
        self.code = code
        self._catalogue = catalogue

    def __call__(self, text: str, /, **values: object) -> str:
        """Return an English text in this language, `{names}` in it filled in; English where it has no translation.

        A text that was `told` is said again, and so is one among the values.
        """
        if isinstance(text, Told):
            return self(text.template, **text.values)
        found = self._catalogue.gettext(text) if text else text
        return found.format(**{name: self._filled(value) for name, value in values.items()}) if values else found

    def again(self, text: str) -> str:
        """Return a text that was `told` in this language; any other, such as a name of the user's, as it is."""
        return self(text) if isinstance(text, Told) else text

    def _filled(self, value: object) -> object:
        """Return what fills a place in a text."""
        if isinstance(value, list | tuple):
            return self(", ").join(str(self._filled(part)) for part in value)
        return self(value) if isinstance(value, Told) else value

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """Return a text that depends on a number, which fills `{count}`."""
        return self._catalogue.ngettext(one, more, count).format(count=count, **values)

    def label(self, declared: Labelled) -> str:
        """Return the label of something declared in both languages."""
        return declared.zh if self.code == "zh" else declared.en

    def pick(self, en: str, zh: str) -> str:
        """Return that of two texts which is in this language; English where there is no Chinese one."""
        return zh if self.code == "zh" and zh else en


@cache
def language(code: str) -> Language:
    """Return a language. Raises ValueError for a code that is none of `CODES`."""
    if code not in CODES:
        raise ValueError(f"no language {code!r}; there are {', '.join(CODES)}")
    return Language(code, gettext.NullTranslations() if code == "en" else Catalogue(Path(__file__).with_name(code)))


ENGLISH = language("en")
