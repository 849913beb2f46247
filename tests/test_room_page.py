"""Is it luck, in a real browser: every control of the panel changes what it says, in both languages."""

TWICE = "?left=village&right=village&panel=luck"
OTHERS = "?left=single_centre&right=multi_centre&panel=luck"
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"


SAID = {"en": ("No difference in any pair", "Could"), "zh": ("每一对都没有差异", "会是运气吗")}
"""What the table says of a scenario beside itself, and part of the head of its last column."""


def test_the_same_scenario_twice_is_no_luck_in_either_language(visit):
    page = visit(f"{TWICE}&lang=en")
    page.click("#luck-start")
    page.wait_for_selector(".luck table", timeout=240_000)
    for lang, (none, head) in SAID.items():
        page.click(f"button[lang={lang}]")
        page.wait_for_selector(f".luck thead:has-text('{head}')")
        answers = set(page.locator(".luck td.answer").all_inner_texts())
        assert none in answers
        assert answers <= {none, "not known", "无法得知"}
        _check_course(page)
        with page.expect_download() as waiting:
            page.click("#luck-report")
        assert waiting.value.suggested_filename == f"cosim-report-{lang}.html"
        _check_panel(page)
    page.fill("#seed", "8")
    page.press("#seed", "Enter")
    page.wait_for_selector(".luck table", state="detached")


def _check_course(page):
    """Each outcome's course is drawn when it is asked for."""
    page.wait_for_selector(".luck-course canvas")
    for asked, other in (("satisfaction", "participation"), ("participation", "satisfaction")):
        page.click(f"#course-{asked}")
        page.wait_for_selector(f'#course-{asked}[aria-pressed="true"]')
        assert page.get_attribute(f"#course-{other}", "aria-pressed") == "false"


def _check_panel(page):
    """The panel shuts nobody out, and is no wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(OVERFLOWS), f"wider than a window of {width}"


def test_pairs_tell_how_far_they_are_and_can_be_stopped(visit):
    page = visit(OTHERS)
    page.click("#luck-start")
    page.wait_for_selector(".luck-state:has-text('seconds left')", timeout=120_000)
    assert 0 < float(page.locator(".luck progress").evaluate("it => it.value")) < 1
    page.click("#luck-stop")
    page.wait_for_selector("#luck-start")
    assert page.locator(".luck progress").count() == 0


def test_one_world_has_nothing_to_compare(visit):
    page = visit("?left=village&right=none&panel=luck")
    assert "nothing to compare" in page.inner_text(".luck")
    assert page.locator(".luck button").count() == 0
