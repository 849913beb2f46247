"""The house style of figures: colours, type, frames, and how a figure becomes a file."""

import re
import textwrap
from collections.abc import Callable, Sequence
from functools import cache, wraps
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from unicodedata import east_asian_width

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cosim.language import ENGLISH, Language

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""
DASHES = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (5, 1.4, 1.2, 1.4)), "-", (0, (5, 1.6)))
"""Line styles in the order of the colours, so that curves can be told apart in grey."""
INK, FAINT, SHADE, FRAME, RULE = "#222222", "#696969", "#F1F1F1", "#BBBBBB", "#E6E6E6"
DOTS_PER_INCH = 150

FORMATS = ("png", "svg", "pdf")
"""Kinds of files that a figure can be written as."""
NO_DATE: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What a file does not say, so that the same figure is the same bytes."""

LATIN = "DejaVu Sans"
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Heiti SC", "Arial Unicode MS",
)  # fmt: skip
"""Families with simplified Chinese, best first, as systems call them."""
JAPANESE = ("Noto Sans CJK JP", "Source Han Sans")
"""Families that have the same characters, some of them in their Japanese form."""
NO_CHINESE_FONT = (
    "No font with Chinese was found, so figures are in English. Install one (such as Noto Sans CJK), "
    "or the extra that brings one: pip install 'cosim-community[zh]'."
)
STICKS = re.compile(r"\S[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f、。”’）》]*|\s+")
WORDS = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f]*")


def drawn(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that makes a figure draw with type that its language `say` (a keyword, English) can be read in."""

    @wraps(draw)
    def in_style(*arguments: Any, say: Language = ENGLISH, **named: Any) -> Any:
        spoken = readable(say)
        font = chinese_font() if spoken.code == "zh" else None
        with rc_context({"font.family": [font, LATIN] if font else [LATIN]}):
            return draw(*arguments, say=spoken, **named)

    return in_style


def readable(say: Language) -> Language:
    """Return the language in which figures can be drawn here: English if there is no font for another one."""
    return say if say.code == "en" or chinese_font() else ENGLISH


@cache
def chinese_font() -> str | None:
    """Return a family with Chinese: one of the system's, else that of the extra `zh`; None if there is none."""
    return _installed(CHINESE) or _from_extra() or _installed(JAPANESE)


def _installed(families: Sequence[str]) -> str | None:
    """Return the first of these families that the system has, also if it was installed since Matplotlib last looked."""
    listed = {Path(font.fname) for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if Path(path) not in listed and any(word in Path(path).name for word in ("CJK", "SC", "Han")):
            font_manager.fontManager.addfont(path)
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((family for family in families if family in known), None)


def _from_extra() -> str | None:
    """Return the family of the font that the extra `zh` brings, once it is known to Matplotlib."""
    brought = find_spec("zhplot")
    for folder in brought.submodule_search_locations or () if brought else ():
        for path in sorted(Path(folder).glob("fonts/*.ttf")):
            font_manager.fontManager.addfont(path)
            return str(font_manager.FontProperties(fname=path).get_name())
    return None


def as_bytes(figure: Figure, kind: str = "png") -> bytes:
    """Return a figure as a file, `kind` one of `FORMATS`; the same figure is the same bytes."""
    buffer = BytesIO()
    with rc_context({"svg.hashsalt": "cosim", "pdf.fonttype": 42}):
        figure.savefig(buffer, format=kind, metadata=NO_DATE[kind])
    return buffer.getvalue()


def plain_frame(axis: Axes, grid: Literal["x", "y", "both"] = "y") -> None:
    """Leave two axes and light lines along `grid` (x, y or both)."""
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(FRAME)
    axis.tick_params(colors=FAINT, labelsize=8.5, length=3)
    axis.grid(axis=grid, color=RULE, linewidth=0.7)
    axis.set_axisbelow(True)


def heading(figure: Figure, title: str, caption: str, columns: int) -> None:
    """Write a title above a figure, and below it what is shown; `columns` of the title's type fill its width."""
    figure.suptitle(
        wrapped(title, columns), x=0.012, ha="left", fontsize=14, fontweight="bold", color=INK
    )
    lines = "\n".join(wrapped(line, int(columns * 1.65)) for line in caption.split("\n"))
    figure.supxlabel(lines, x=0.012, ha="left", fontsize=8.5, color=FAINT)


def wrapped(text: str, columns: int) -> str:
    """Return a text in lines of at most so many columns; a Chinese character takes two and may end a line."""
    if text.isascii():
        return textwrap.fill(text, columns)
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _columns((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: at blanks and between Chinese characters, but not before their stops."""
    pieces, place = [], 0
    while place < len(text):
        found = WORDS.match(text, place) or STICKS.match(text, place)
        assert found is not None, "every character is in a piece"
        pieces.append(found.group())
        place = found.end()
    return pieces


def _columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
