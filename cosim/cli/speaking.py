"""The language of the command line: one for everything that a command says, decided before it is looked at.

`cosim --lang zh` says which; else the environment variable COSIM_LANG, else the locale, if it is a Chinese one. What
commands say in Chinese is said through `say`; help and what typer itself says is looked up when it is printed
(`helping.py`), so that declarations of commands stand in English alone.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from cosim.language import CODES, ENGLISH, Language, language

VARIABLE = "COSIM_LANG"
"""Environment variable that names the language; before it comes only what stands on the command line."""
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables of the locale: the first that says anything decides."""
OPTION = "--lang"

_SPOKEN = ContextVar("spoken", default=ENGLISH)
_ASKED = ContextVar("asked", default="")


def spoken() -> Language:
    """Return the language of this command line."""
    return _SPOKEN.get()


def asked() -> str:
    """Return the language that this command line itself names for all that it says; empty if it names none."""
    return _ASKED.get()


def say(text: str, /, **values: object) -> str:
    """Return an English text in the language of this command line, `{names}` in it filled in."""
    return spoken()(text, **values)


def choose(words: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Return the code of the language of a command line; English for one that does not exist, which is refused later.

    `words` stand behind `cosim`; only what comes before the command's name is for all of it.
    """
    environment = os.environ if environment is None else environment
    asked = named(words) or environment.get(VARIABLE) or _of_locale(environment)
    return asked if asked in CODES else ENGLISH.code


def named(words: Sequence[str]) -> str:
    """Return the language that a command line names for all that it says; empty if it names none."""
    found, rest = "", list(words)
    while rest and rest[0].startswith("-"):
        option, sign, value = rest.pop(0).partition("=")
        if option == OPTION:
            found = value if sign else "".join(rest[:1])
            del rest[: 0 if sign else 1]
    return found


def _of_locale(environment: Mapping[str, str]) -> str:
    locale = next(filter(None, (environment.get(name) for name in LOCALE)), "")
    return "zh" if locale.lower().startswith("zh") else ""


@contextmanager
def speaking(words: Sequence[str]) -> Iterator[Language]:
    """Let everything that is said meanwhile be said in the language of a command line."""
    tokens = _SPOKEN.set(language(choose(words))), _ASKED.set(named(words))
    try:
        yield spoken()
    finally:
        _SPOKEN.reset(tokens[0])
        _ASKED.reset(tokens[1])
