"""The house style of figures: colours, type, frames, and how a figure becomes a file."""

import re
from collections.abc import Callable, Sequence
from functools import cache, wraps
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeVar

from matplotlib import font_manager, rc_context, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from cosim.language import ENGLISH, Language
from cosim.language.lines import columns as _columns
from cosim.language.lines import wide, wrapped

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""
DASHES = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (5, 1.4, 1.2, 1.4)), "-", (0, (5, 1.6)))
"""Line styles in the order of the colours, so that curves can be told apart in grey."""
INK, FAINT, SHADE, FRAME, RULE = "#222222", "#696969", "#F1F1F1", "#BBBBBB", "#E6E6E6"
TITLE, PANEL, NAME, SMALL, TINY = 14.0, 11.0, 9.0, 8.5, 7.5
"""Sizes of type in points: a figure's title, a panel's, names, units and captions and numbers, remarks in a panel."""
DOTS_PER_INCH = 150
COLUMNS, DENSER = 8.2, 1.9
"""Columns of the title's type to an inch; how many more of a caption's there are."""

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


Drawn = TypeVar("Drawn", bound=Figure | None)


def drawn(draw: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Let a function that makes a figure draw with type that its language `say` (a keyword, English) can be read in."""

    @wraps(draw)
    def in_style(*arguments: Any, say: Language = ENGLISH, **named: Any) -> Drawn:
        spoken, font = readable(say), chinese_font()
        family = [LATIN, font] if spoken.code == "en" else [font, LATIN]
        with rc_context({"font.family": [name for name in family if name]}):
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


@cache
def _signs() -> frozenset[int]:
    """Return all signs that figures have type for."""
    families = [name for name in (LATIN, chinese_font()) if name]
    files = [font_manager.findfont(font_manager.FontProperties(family=name)) for name in families]
    return frozenset().union(*(font_manager.get_font(file).get_charmap() for file in files))


def drawable(text: str) -> str:
    """Return a text with … for what there is no type for here."""
    if text.isascii():
        return text
    known = _signs()
    return re.sub(r"\0+", "…", "".join(sign if ord(sign) in known or sign == "\n" else "\0" for sign in text))


def as_bytes(figure: Figure, kind: str = "png") -> bytes:
    """Return a figure as a file, `kind` one of `FORMATS`; the same figure is the same bytes."""
    buffer = BytesIO()
    with rc_context({"svg.hashsalt": "cosim", "pdf.fonttype": 3 if _has_postscript_outlines(figure) else 42}):
        figure.savefig(buffer, format=kind, metadata=NO_DATE[kind])
    return buffer.getvalue()


def _has_postscript_outlines(figure: Figure) -> bool:
    """Whether a figure has Chinese in a font whose outlines are PostScript's, which PDF does not take as type 42."""
    written = "".join(text.get_text() for text in figure.findobj(Text))
    family = None if written.isascii() else chinese_font()
    if family is None or not wide(written):
        return False
    with Path(font_manager.findfont(font_manager.FontProperties(family=family))).open("rb") as file:
        if file.read(4) == b"ttcf":
            file.seek(12)
            file.seek(int.from_bytes(file.read(4), "big"))
        else:
            file.seek(0)
        return file.read(4) == b"OTTO"


def strokes(count: int) -> list[tuple[str, Any]]:
    """Return a colour and dashes for each of so many curves; those that share a colour differ in dashes."""
    every = [(colour, DASHES[(place + turn) % 4]) for turn in range(4) for place, colour in enumerate(COLOURS)]
    return [every[number % len(every)] for number in range(count)]


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches, whose parts make room for one another."""
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.05)
    return Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout=layout, facecolor="white")


def plain_frame(axis: Axes, grid: Literal["x", "y", "both"] = "y") -> None:
    """Leave two axes and light lines along `grid` (x, y or both)."""
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(FRAME)
    axis.tick_params(colors=FAINT, labelsize=SMALL, length=3, labelfontfamily=rcParams["font.family"])
    axis.grid(axis=grid, color=RULE, linewidth=0.7)
    axis.set_axisbelow(True)


def row_frame(axis: Axes) -> None:
    """Leave the lower axis and light lines along it, where names stand beside rows."""
    plain_frame(axis, "x")
    axis.spines["left"].set_visible(False)
    axis.tick_params(axis="y", which="both", length=0)


def panel_heading(axis: Axes, title: str, below: str) -> None:
    """Write a title over a panel, and between them its unit or what else there is to say of it."""
    lines = below.count("\n")
    axis.set_title(title, loc="left", fontsize=PANEL, color=INK, pad=17 + 11 * lines)
    axis.annotate(
        below, (0.0, 1.0), (0.0, 4.0), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
        color=FAINT, va="bottom", annotation_clip=False, in_layout=False,
    )  # fmt: skip


def heading(figure: Figure, title: str, caption: str, columns: int | None = None) -> None:
    """Write a title above a figure, and below it what is shown.

    `columns` of the title's type fill its width; as many as there is room for if it is not given.
    """
    columns = columns or int(figure.get_figwidth() * COLUMNS)
    figure.suptitle(
        wrapped(drawable(title), columns), x=0.012, ha="left", fontsize=TITLE, fontweight="bold", color=INK
    )
    lines = "\n".join(wrapped(drawable(line), int(columns * DENSER)) for line in caption.split("\n") if line)
    figure.supxlabel(lines, x=0.012, ha="left", fontsize=SMALL, color=FAINT, linespacing=1.35)


def shortened(text: str, columns: int) -> str:
    """Return a text of at most so many columns, with … where it is cut."""
    return text if _columns(text) <= columns else f"{wrapped(text, columns - 2).splitlines()[0]} …"
