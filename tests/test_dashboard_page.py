"""The page in a real browser: every control changes what it says, in both languages, by mouse and by keyboard."""

import re
import tomllib

import pytest

from cosim.dashboard.link import GROUPS, NO_SCENARIO
from cosim.dashboard.topics import TOPICS

OVERFLOWS = "document.documentElement.scrollWidth > window.innerWidth"


def at(page, position):
    """Wait until a position is on screen."""
    page.wait_for_selector(f'.clock[data-position="{position}"]', timeout=30_000)


def past(page, position):
    """Wait until the clock has gone beyond a position."""
    page.wait_for_function(f"+document.querySelector('.clock').dataset.position > {position}")


def picture(page, number=0):
    """Return what a map shows."""
    return page.locator(".map canvas").nth(number).evaluate("it => it.toDataURL()")


def numbers(page):
    """Return what the charts say of the month on screen, without blanks."""
    return [re.sub(r"\s", "", text) for text in page.locator(".chart output").all_inner_texts()]


def comes(page, wanted):
    """Wait until what the charts say fulfils a condition, and return it."""
    for _ in range(100):
        said = numbers(page)
        if wanted(said):
            return said
        page.wait_for_timeout(100)
    raise AssertionError(said)


def open_levers(page, query="?left=village&right=village"):
    page.click("#tab-levers")
    page.wait_for_selector(".levers")


def upload(page, text, name="mine.toml"):
    page.set_input_files("#upload-file", {"name": name, "mimeType": "text/plain", "buffer": text})


# The clock


def test_months_pass_and_come_back(visit):
    page = visit()
    at(page, 0)
    start = page.locator(".now").inner_text()
    assert page.is_disabled("#back")
    page.click("#on")
    at(page, 1)
    assert page.locator(".now").inner_text() != start
    after_one = picture(page)
    page.click("#on")
    at(page, 2)
    page.click("#back")
    at(page, 1)
    assert picture(page) == after_one
    page.fill("#month-number", "9")
    page.press("#month-number", "Enter")
    at(page, 9)
    assert page.input_value("#month") == "9"
    page.locator("#month").evaluate("it => { it.value = 4; it.dispatchEvent(new Event('change')) }")
    at(page, 4)
    page.click("#reset")
    at(page, 0)
    assert page.locator(".now").inner_text() == start


def test_play_pause_and_speed(visit):
    page = visit()
    page.select_option("#speed", "4")
    page.click("#play")
    past(page, 2)
    assert "❚❚" in page.inner_text("#play")
    page.click("#play")
    assert "▶" in page.inner_text("#play")
    page.wait_for_timeout(600)
    stood = page.get_attribute(".clock", "data-position")
    page.wait_for_timeout(600)
    assert page.get_attribute(".clock", "data-position") == stood
    page.select_option("#speed", "10")
    page.click("#play")
    at(page, 12)
    assert page.is_disabled("#play"), "the end stops it"


def test_the_keyboard_reaches_the_clock(visit):
    page = visit()
    page.focus("#on")
    page.keyboard.press("Enter")
    at(page, 1)
    page.focus("#month")
    page.keyboard.press("ArrowRight")
    at(page, 2)
    page.focus("#play")
    page.keyboard.press("Space")
    past(page, 2)


def test_another_seed_is_other_luck_and_the_old_one_comes_back(visit):
    page = visit("?left=village&right=village&month=6")
    at(page, 6)
    first = numbers(page)
    page.fill("#seed", "7")
    page.click(".seed button")
    page.wait_for_function("location.search.includes('seed=7')")
    comes(page, lambda said: said != first)
    page.fill("#seed", "1")
    page.press("#seed", "Enter")
    page.wait_for_function("location.search.includes('seed=1')")
    comes(page, lambda said: said == first)


# What is seen


def test_the_same_scenario_twice_differs_nowhere(visit):
    page = visit("?left=village&right=village&month=12")
    for topic in TOPICS:
        page.select_option("#topic", topic)
        page.wait_for_function("!document.querySelector('.chart output') || true")
        page.wait_for_timeout(100)
        said = numbers(page)
        assert said
        assert all(text.endswith(("(0)", "(–)")) for text in said), (topic, said)
    assert picture(page, 0) == picture(page, 1)


def test_colours_topics_and_scenarios_change_what_is_drawn(visit):
    page = visit("?left=village&right=village&month=6")
    at(page, 6)
    seen = {picture(page)}
    for colour in (GROUPS, "participation", "fee_collection"):
        page.select_option("#colour", colour)
        page.wait_for_function(f"location.search.includes('colour={colour}')")
        page.wait_for_timeout(100)
        seen.add(picture(page))
    assert len(seen) == 4
    titles = set()
    for topic in TOPICS:
        page.select_option("#topic", topic)
        page.wait_for_timeout(100)
        titles.add(tuple(page.locator(".chart figcaption .name > b").all_inner_texts()))
        page.wait_for_selector(".plot canvas")
    assert len(titles) == len(TOPICS)


def test_one_world_alone(visit):
    page = visit("?left=village&right=village&month=3")
    page.select_option("#right", NO_SCENARIO)
    page.wait_for_function("document.querySelectorAll('.map').length === 1")
    at(page, 3)
    page.wait_for_timeout(200)
    assert all("(" not in text and "|" not in text for text in numbers(page))
    page.select_option("#right", "village")
    page.wait_for_function("document.querySelectorAll('.map').length === 3")
    at(page, 3)


def test_a_scenario_of_other_people_is_shown_on_both_sides_and_says_so(visit):
    page = visit("?left=village&right=village&month=2")
    at(page, 2)
    page.select_option("#left", "own_community")
    message = page.wait_for_selector(".message")
    assert "both sides" in message.inner_text()
    page.wait_for_function("document.querySelector('#right').value === 'own_community'")
    assert page.input_value("#left") == "own_community"
    at(page, 2)
    page.click("#on")
    at(page, 3)
    page.click(".message button")
    page.wait_for_selector(".message", state="detached")


def test_both_languages_at_once(visit):
    page = visit("?left=village&right=village&lang=zh&month=4")
    at(page, 4)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    chinese = page.inner_text(".cosim")
    assert "第4个月" in chinese
    page.click("button[lang=en]")
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.wait_for_function("document.querySelector('.now').innerText.includes('Month 4')")
    page.wait_for_function("!/[一-鿿]/.test(document.querySelector('.cosim').innerText.replace('中文', ''))")
    assert "lang=en" in page.evaluate("location.search")


# Links


def test_a_link_brings_back_the_view(visit):
    page = visit("?left=village&right=village&month=5&seed=3&colour=belonging&topic=trust&panel=outcomes")
    at(page, 5)
    page.click("#tab-levers")
    page.wait_for_function("location.search.includes('panel=levers')")
    again = visit(page.evaluate("location.search"))
    at(again, 5)
    again.wait_for_selector(".levers")
    assert [again.input_value(it) for it in ("#seed", "#colour", "#left")] == ["3", "belonging", "village"]


def test_a_link_that_cannot_be_followed_says_what_in_it(visit):
    page = visit("?left=village&right=nowhere&seed=-4&month=9999&lang=xx&colour=mauve&x=1&set=left:nothing=3")
    said = " ".join(page.locator(".message").all_inner_texts())
    for part in ("nowhere", "-4", "9999", "xx", "mauve", "“x”", "nothing"):
        assert part in said, part
    at(page, 0)


# Levers


def test_a_lever_from_the_start_and_from_a_month_on(visit):
    page = visit("?left=village&right=village&month=6&panel=levers")
    at(page, 6)
    page.select_option("#lever-side", "right")
    page.fill("#find-lever", "party_leads.visits")
    page.fill("[id='lever-party_leads.visits']", "1")
    page.press("[id='lever-party_leads.visits']", "Enter")
    page.click("#from-start")
    page.wait_for_selector("#differences li")
    at(page, 6)
    page.click("#tab-outcomes")
    page.wait_for_selector(".chart output")
    assert any(not text.endswith(("(0)", "(–)")) for text in numbers(page))
    page.click("#tab-levers")
    page.fill("#find-lever", "deliberate.meetings")
    page.fill("[id='lever-deliberate.meetings']", "12")
    page.press("[id='lever-deliberate.meetings']", "Enter")
    page.click("#from-next")
    page.wait_for_function("document.querySelectorAll('#differences li').length === 2")
    link = page.evaluate("location.search")
    assert "right%406%3Adeliberate.meetings%3D12" in link
    at(page, 6)
    again = visit(link)
    at(again, 6)
    again.select_option("#lever-side", "right")
    again.wait_for_function("document.querySelectorAll('#differences li').length === 2")
    page.click("#to-preset")
    page.wait_for_selector("#no-differences")
    assert "set=" not in page.evaluate("location.search")


def test_an_impossible_lever_is_refused_with_words_and_nothing_is_lost(visit):
    page = visit("?left=village&right=village&month=4&panel=levers&lang=zh")
    at(page, 4)
    page.fill("#find-lever", "party_leads.visits")
    page.fill("[id='lever-party_leads.visits']", "77")
    page.press("[id='lever-party_leads.visits']", "Enter")
    page.click("#from-start")
    message = page.wait_for_selector(".message").inner_text()
    assert "party_leads.visits" in message
    assert "允许" in message
    at(page, 4)
    page.wait_for_selector("#no-differences")


def test_every_kind_of_lever_can_be_set(visit):
    page = visit("?left=village&right=village&panel=levers")
    page.fill("#find-lever", "residents_order.order_desk")
    page.check("[id='lever-residents_order.order_desk']")
    page.click("#from-start")
    page.wait_for_function("document.querySelectorAll('#differences li').length === 1")
    page.fill("#find-lever", "supply.parcels.payers")
    page.locator("#find-lever").press("Enter")
    parts = page.locator(".lever input.part")
    assert parts.count() >= 2
    page.fill("#find-lever", "party_leads.visits")
    slider = page.locator(".lever input[type=range]").first
    slider.evaluate("it => { it.value = it.max; it.dispatchEvent(new Event('change')) }")
    page.wait_for_selector(".lever.pending")
    page.click(".pending-list li button")
    page.wait_for_selector(".lever.pending", state="detached")


def test_a_scenario_goes_out_as_toml_and_comes_back(visit, tmp_path):
    page = visit("?left=village&right=village&panel=levers&set=left:party_leads.visits=0.5&month=2")
    at(page, 2)
    with page.expect_download() as waiting:
        page.click("#toml")
    waiting.value.save_as(tmp_path / "out.toml")
    text = (tmp_path / "out.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"extends": "village", "party_leads": {"visits": 0.5}}
    page.select_option("#lever-side", "right")
    upload(page, text.encode())
    page.wait_for_function("document.querySelector('#right').value === 'mine'")
    at(page, 2)
    page.click("#tab-outcomes")
    page.wait_for_selector(".chart output")
    assert all(text.endswith(("(0)", "(–)")) for text in numbers(page))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02" * 100, "UTF-8"),
        (b"PK\x03\x04" + b"\x00" * 400, "UTF-8"),
        (b"hello = ", "mine.toml"),
        (b'extends = "../../etc/passwd"\n', "extends"),
        (b'extends = "/etc/passwd"\n', "extends"),
        (b'extends = "village"\n[population]\nfrom = "/etc/passwd"\n', "population.from"),
        (b'extends = "village"\n[population]\nresidents = 20000000\n', "population.residents"),
        (b"", "mine.toml"),
        (b"a = " + b"[" * 50_000, "mine.toml"),
        (b"x" * 200_000, "100,000"),
    ],
)
def test_an_upload_that_is_no_scenario_is_refused_with_words(visit, content, said):
    page = visit("?left=village&right=village&panel=levers&month=1")
    upload(page, content)
    message = page.wait_for_selector(".message", timeout=10_000)
    assert said in message.inner_text()
    page.click("#on")
    at(page, 2)


def test_what_is_on_screen_goes_out_as_csv_png_and_svg(visit, tmp_path):
    import pandas as pd

    page = visit("?left=village&right=village&month=12")
    at(page, 12)
    page.wait_for_selector(".plot canvas")
    with page.expect_download() as waiting:
        page.click("#csv")
    waiting.value.save_as(tmp_path / "months.csv")
    table = pd.read_csv(tmp_path / "months.csv", encoding="utf-8-sig")
    assert len(table) == 2 * 13
    assert table["participation"].between(0, 1).all()
    with page.expect_download() as waiting:
        page.locator(".saves button").first.click()
    waiting.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as waiting:
        page.locator(".saves button").nth(1).click()
    waiting.value.save_as(tmp_path / "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Village" in drawn


# The room


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("panel", ["outcomes", "levers"])
def test_the_page_shuts_nobody_out(visit, lang, panel):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"?left=village&right=village&month=6&lang={lang}&panel={panel}")
    at(page, 6)
    if panel == "levers":
        page.fill("#find-lever", ".")
    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(OVERFLOWS), f"wider than a window of {width}"


def test_two_tabs_of_one_visitor_are_two_views(visit):
    page = visit("?left=village&right=village&month=2")
    at(page, 2)
    other = page.context.new_page()
    other.goto(page.url.split("?")[0] + "?left=village&right=village&seed=9")
    other.wait_for_selector('.clock[data-position="0"]')
    page.click("#on")
    at(page, 3)
    assert other.get_attribute(".clock", "data-position") == "0"
    assert page.input_value("#seed") == "1"


def test_a_connection_that_is_lost_during_play_is_taken_up_again(visit):
    sockets = []

    def through(socket):
        socket.connect_to_server()
        sockets.append(socket)

    page = visit("?left=village&right=village", lambda page: page.route_web_socket("**/channels**", through))
    page.select_option("#speed", "1")
    page.click("#play")
    past(page, 1)
    sockets[-1].close()
    past(page, 4)
    assert len(sockets) > 1
    assert "❚❚" in page.inner_text("#play")
