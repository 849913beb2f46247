"""A page in a browser: nothing is asked of the network, nobody is shut out, it fits its window and prints whole.

Without a browser these tests are skipped; with COSIM_BROWSER=1, as `.ci/run` sets it, they fail.
"""

from io import BytesIO

import pytest

from cosim.compare import compare
from cosim.language import language
from cosim.report.page import report

SIZES = ((1280, 800), (1920, 1080), (400, 800))
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"
CUT = """[...document.querySelectorAll('.wide')].filter(it => it.scrollWidth > it.clientWidth + 1).length"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the file of a small comparison's page by language."""
    found, place = compare(("village",), replicates=2, months=12, jobs=1), tmp_path_factory.mktemp("pages")
    said = {"cosim": "0.1.0", "command": "cosim compare village --replicates 2 --months 12"}
    files = {code: place / f"{code}.html" for code in ("en", "zh")}
    for code, file in files.items():
        file.write_text(report(found, said, language(code)), encoding="utf-8")
    return files


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_page_stands_alone_and_shuts_nobody_out(browser, pages, code):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(offline=True)
    try:
        view, asked, faults = context.new_page(), [], []
        view.on("request", lambda request: asked.append(request.url))
        view.on("pageerror", lambda error: faults.append(str(error)))
        view.goto(pages[code].as_uri())
        found = Axe().run(view).response["violations"]
        assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
        for width, height in SIZES:
            view.set_viewport_size({"width": width, "height": height})
            assert not view.evaluate(OVERFLOWS), f"wider than a window of {width}"
            assert width < 1000 or view.evaluate(CUT) == 0
        assert asked == [pages[code].as_uri()]
        assert faults == []
    finally:
        context.close()


def test_a_page_prints_with_page_numbers_and_whole_tables(browser, pages):
    from pypdf import PdfReader

    view = browser.new_page()
    view.goto(pages["en"].as_uri())
    printed = PdfReader(BytesIO(view.pdf(prefer_css_page_size=True)))
    texts = [" ".join(page.extract_text().split()) for page in printed.pages]
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in printed.pages}
    assert sizes <= {(595, 842), (596, 842), (595, 843)}
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    view.emulate_media(media="print")
    view.set_viewport_size({"width": 680, "height": 960})
    assert view.evaluate(CUT) == 0, "a table is wider than the paper"
