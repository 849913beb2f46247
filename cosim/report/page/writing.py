"""Pages as files: where they go, and what stands in the way."""

from collections.abc import Iterator
from pathlib import Path

from cosim.compare.saved import Result
from cosim.display.style import NO_CHINESE_FONT, readable
from cosim.language import CODES, Language, language
from cosim.report.page import report
from cosim.study import OutputError
from cosim.study.store import REPORTS, explain
from cosim.study.sweep.files import read_mark


def write_page(page: str, folder: Path, say: Language, output: Path | None = None) -> Path:
    """Write a page into a result's folder, or where `output` says, and return where it is. Raises OutputError."""
    place = folder / REPORTS[say.code] if output is None else output
    try:
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(explain(error, place)) from error
    return place


def write_pages(result: Result, folder: Path) -> list[Path]:
    """Write the page about a result into its folder in every language, and return where they are."""
    said = read_mark(folder) or {}
    speakers = [language(code) for code in CODES]
    return [write_page(report(result, said, say), folder, say) for say in speakers]


def without_font(say: Language) -> Iterator[str]:
    """Yield a line if figures will be in English for want of a font."""
    if readable(say) is not say:
        yield NO_CHINESE_FONT
