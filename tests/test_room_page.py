"""Is it luck, in a real browser: every control of the panel changes what it says, in both languages."""

import pytest

TWICE = "?left=village&right=village&panel=luck"
OTHERS = "?left=single_centre&right=multi_centre&panel=luck"
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.mark.parametrize(
    ("lang", "none", "report"), [("en", "No difference in any pair", "Could"), ("zh", "每一对都没有差异", "会是运气吗")]
)
def test_the_same_scenario_twice_is_no_luck(visit, lang, none, report):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"{TWICE}&lang={lang}")
    page.click("#luck-start")
    page.wait_for_selector(".luck table", timeout=240_000)
    answers = set(page.locator(".luck td.answer").all_inner_texts())
    assert none in answers
    assert answers <= {none, "not known", "无法得知"}
    assert report in page.inner_text(".luck thead")
    page.wait_for_selector(".luck-course canvas")
    page.click("#course-satisfaction")
    page.wait_for_selector('#course-satisfaction[aria-pressed="true"]')
    assert page.get_attribute("#course-participation", "aria-pressed") == "false"
    with page.expect_download() as waiting:
        page.click("#luck-report")
    assert waiting.value.suggested_filename == f"cosim-report-{lang}.html"
    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(OVERFLOWS), f"wider than a window of {width}"
    page.fill("#seed", "8")
    page.press("#seed", "Enter")
    page.wait_for_selector(".luck table", state="detached")


def test_pairs_tell_how_far_they_are_and_can_be_stopped(visit):
    page = visit(OTHERS)
    page.click("#luck-start")
    page.wait_for_function("document.querySelector('.luck-state').textContent.includes('seconds left')", timeout=120_000)
    assert 0 < float(page.locator(".luck progress").evaluate("it => it.value")) < 1
    page.click("#luck-stop")
    page.wait_for_selector("#luck-start")
    assert page.locator(".luck progress").count() == 0


def test_one_world_has_nothing_to_compare(visit):
    page = visit("?left=village&right=none&panel=luck")
    assert "nothing to compare" in page.inner_text(".luck")
    assert page.locator(".luck button").count() == 0
