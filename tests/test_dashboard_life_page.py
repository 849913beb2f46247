"""Residents, buildings, orders and the month in a real browser: every control changes what is told."""

import re

import pytest

from cosim.month.phases import PHASES

PAIR = "?left=village&right=village&set=right:deliberate.meetings=12&set=right:party_leads.visits=1&month=6"
OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"
CUT = """[...document.querySelectorAll('.card, .course')].filter(it => it.scrollWidth > it.clientWidth + 1).length"""


def at(page, position):
    """Wait until a position is on screen."""
    page.wait_for_selector(f'.clock[data-position="{position}"]', timeout=30_000)


def person(page, row):
    """Look at a resident by number, and wait until all is told."""
    page.fill("#resident", str(row))
    page.click("#show-resident")
    told(page, row)


def told(page, row=-1, building=-1):
    """Wait until all is told of somebody or something."""
    page.wait_for_selector(f'.life[data-row="{row}"][data-building="{building}"] #life-title')
    page.wait_for_selector(".life [role=status]", state="detached", timeout=30_000)


def fact(page, label):
    """Return a fact by world."""
    head = page.locator("th", has_text=re.compile(rf"^\s*{label}"))
    line = page.locator(".facts").first.locator("tr").filter(has=head)
    return line.locator("td").all_inner_texts()


# A resident


def test_a_resident_by_number_by_neighbour_and_by_tie(visit):
    page = visit(PAIR + "&panel=life")
    at(page, 6)
    assert page.is_visible("#nobody")
    assert page.is_disabled("#next")
    person(page, 3)
    assert page.locator("#nobody").count() == 0
    assert fact(page, "Now")[0]
    page.click("#next")
    told(page, 4)
    page.click("#previous")
    told(page, 3)
    person(page, 0)
    page.click("#previous")
    told(page, 11)
    for row in range(12):
        person(page, row)
        if page.locator(".ties button").count():
            break
    tie = page.locator(".ties button").first
    other = tie.inner_text().rsplit(" (", 1)[0]
    tie.click()
    page.wait_for_function("name => document.querySelector('#life-title').innerText.endsWith(name)", arg=other)
    page.fill("#resident", "99")
    page.press("#resident", "Enter")
    page.wait_for_selector(".message")


def test_a_click_on_the_map_shows_the_resident_and_draws_the_ties(visit):
    page = visit(PAIR)
    at(page, 6)
    map_ = page.locator(".map canvas").first
    map_.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#life-title")
    assert int(page.get_attribute(".life", "data-row")) >= 0
    page.keyboard.press("b")
    told(page, building=0)
    assert page.input_value("#resident") == ""


def test_what_is_no_resident_is_said(visit):
    page = visit(PAIR + "&panel=life&lang=zh")
    at(page, 6)
    page.fill("#resident", "99999")
    page.press("#resident", "Enter")
    assert "没有居民“99999”" in page.wait_for_selector(".message").inner_text()


def test_a_life_follows_the_clock(visit):
    page = visit(PAIR + "&panel=life")
    at(page, 6)
    person(page, 3)
    numbers = page.locator(".course output").all_inner_texts()
    assert len(numbers) == 8
    page.click("#on")
    at(page, 7)
    page.wait_for_function("document.querySelector('#terms tbody td').innerText === '7'")
    page.fill("#month-number", "2")
    page.press("#month-number", "Enter")
    at(page, 2)
    page.wait_for_function("document.querySelector('#terms tbody td').innerText === '2'")
    months = [int(text.split()[-1]) for text in page.locator(".story dt").all_inner_texts()]
    assert all(month <= 2 for month in months)
    assert page.locator(".course path").first.get_attribute("d").count("L") >= 6, "to the latest month"


def test_another_decision_and_its_meaning(visit):
    page = visit(PAIR + "&panel=life")
    at(page, 6)
    person(page, 3)
    page.select_option("#decision", "moving")
    page.wait_for_function("document.querySelector('#terms caption').innerText === 'To move away'")
    line = page.locator("#terms details").first
    assert not line.locator("p").is_visible()
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    assert line.locator("p").inner_text() == "at which such households leave in a month"
    page.select_option("#decision", "")
    page.wait_for_function("document.querySelector('#terms caption').innerText !== 'To move away'")


def test_who_lived_in_a_row_can_be_chosen(visit):
    page = visit(PAIR + "&panel=life&month=12")
    at(page, 12)
    for row in range(12):
        person(page, row)
        if page.locator("#arrival").count():
            break
    else:
        pytest.fail("nobody moved in all the year")
    first = page.locator("#arrival option").first.get_attribute("value")
    page.select_option("#arrival", first)
    page.wait_for_function("document.querySelector('.facts tbody').innerText.includes('left in month')")


# A building


def test_a_building_and_the_next_one(visit):
    page = visit(PAIR + "&panel=life")
    at(page, 6)
    page.select_option("#building", "0")
    told(page, building=0)
    assert page.inner_text("#life-title") == "Building 0"
    assert page.locator(".facts .bar").count() >= 24
    assert fact(page, "Residents")[0].isdigit()
    assert all(0.0 <= float(value) <= 1.0 for value in fact(page, "Water"))
    page.click("#next")
    told(page, building=1)
    page.click("#next")
    told(page, building=0)
    page.select_option("#building", "-1")
    page.wait_for_selector("#nobody")


# Orders and the month


def test_orders_move_with_the_month(visit):
    page = visit(PAIR + "&panel=orders")
    at(page, 6)
    page.wait_for_selector("#order-numbers")
    assert page.locator(".way").count() == 2
    standing = [int(text) for text in page.locator(".way .stands b").all_inner_texts()]
    lines = [row.split("\t") for row in page.locator("#order-numbers tbody tr").all_inner_texts()]
    said = {line[0]: line[1:] for line in lines}
    stages = ("Placed", "Climbing", "Accepted", "In work", "Delivered")
    assert [int(said[f"Standing: {stage}"][side]) for side in (0, 1) for stage in stages] == standing
    before = page.inner_text(".funnel")
    page.click("#on")
    at(page, 7)
    page.wait_for_function("before => document.querySelector('.funnel').innerText !== before", arg=before)
    summary = page.locator(".way summary").first
    summary.click()
    assert "nobody has had the hours" in page.inner_text(".way")
    assert page.locator(".course").count() == 4


def test_nothing_moves_for_who_wants_no_motion(visit):
    page = visit(PAIR + "&panel=orders", lambda page: page.emulate_media(reduced_motion="reduce"))
    at(page, 6)
    page.wait_for_selector(".way")
    for _ in range(6):
        dots = page.locator(".way .dots i")
        if dots.count():
            assert dots.first.evaluate("it => getComputedStyle(it).animationName") == "none"
            assert dots.first.evaluate("it => getComputedStyle(it).display") == "none"
            return
        page.click("#on")
        page.wait_for_timeout(300)
    pytest.fail("no order moved in half a year")


@pytest.mark.parametrize(("lang", "first"), [("en", "The month opens"), ("zh", "月初")])
def test_the_month_is_told_phase_by_phase(visit, lang, first):
    page = visit(PAIR + f"&panel=month&lang={lang}")
    at(page, 6)
    page.wait_for_selector(".phases table")
    cards = page.locator(".phases li.card")
    assert cards.count() == len(PHASES)
    assert first in cards.first.inner_text()
    before = page.locator(".phases td").all_inner_texts()
    page.click("#on")
    at(page, 7)
    page.wait_for_timeout(200)
    assert page.locator(".phases td").all_inner_texts() != before
    evidence = cards.nth(5).locator("details").nth(-2)
    evidence.locator("summary").click()
    assert "Armitage" in evidence.inner_text()
    levers = cards.nth(3).locator("details").last
    levers.locator("summary").click()
    assert levers.locator("li.differs").count() == 1, "visits differ"
    page.click("#to-levers")
    page.wait_for_selector(".levers")


# Everybody


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("panel", ["life", "building", "orders", "month"])
def test_panels_shut_nobody_out_and_fit(visit, lang, panel):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(PAIR + f"&lang={lang}&panel={'life' if panel == 'building' else panel}")
    at(page, 6)
    if panel == "life":
        person(page, 3)
    if panel == "building":
        page.select_option("#building", "0")
        told(page, building=0)
    page.wait_for_timeout(1200)
    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
    said = page.inner_text(".tabs ~ *:last-of-type") + page.locator("body").inner_text()
    if lang == "en":
        ours = page.locator(".life, .funnel, .courses").all_inner_texts()
        assert not re.search(r"[\u4e00-\u9fff]", " ".join(ours))
    else:
        assert re.search(r"[\u4e00-\u9fff]", said)
        ours = " ".join(page.locator(".life, .funnel, .courses").all_inner_texts())
        assert not re.search(r"\b(the|of|so far|month)\b", ours)
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        assert not page.evaluate(OVERFLOWS), f"wider than a window of {width}"
        assert page.evaluate(CUT) == 0, f"something is cut at {width}"


def test_one_world_alone_has_one_column(visit):
    page = visit("?left=village&right=none&month=6&panel=orders")
    at(page, 6)
    page.wait_for_selector(".way")
    assert page.locator(".way").count() == 1
    page.click("#tab-life")
    person(page, 3)
    assert page.locator("#terms thead th").count() == 2
    page.click("#tab-month")
    page.wait_for_selector(".phases table")
    assert page.locator(".phases thead").first.locator("th").count() == 2
