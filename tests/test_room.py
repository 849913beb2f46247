"""A room full of visitors: what gets in, who waits for whom, what is put away, and whether it is luck."""

import asyncio
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import websockets
from typer.testing import CliRunner

from benchmarks import visitors
from benchmarks.wire import ServerFault, Wire
from cosim import cli
from cosim.compare import compare
from cosim.dashboard import guests, trials
from cosim.dashboard.doorman import Doorman, Pace
from cosim.dashboard.guest import Guest
from cosim.dashboard.link import View
from cosim.dashboard.messages import LARGEST, is_allowed, is_for_browsers
from cosim.dashboard.panels.luck import answer
from cosim.dashboard.room import Limits, Room
from cosim.dashboard.serving import SETTINGS, AddressError, listen
from cosim.dashboard.trials import Line, Trial, found_by
from cosim.dashboard.turns import AT_ONCE, LEAST, Turns
from cosim.dashboard.visitor import Visitor
from cosim.language import language
from cosim.scenario import ScenarioError, load_scenario

SMALL = View(left="village", right="village")
ROOT = Path(visitors.__file__).parent.parent


def wait_until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def run(coroutine):
    """Run a coroutine in a thread of its own: a browser's tests have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def message(kind, content, **more):
    return json.dumps({"header": {"msg_type": kind}, "channel": "shell", "content": content} | more)


def told(data):
    return message("comm_msg", {"comm_id": "1", "data": data})


# Messages


@pytest.mark.parametrize(
    "text",
    [
        message("kernel_info_request", {}),
        message("comm_open", {"comm_id": "1", "target_name": "solara.control", "data": {}}),
        told({"method": "run", "args": {"path": "/?seed=3", "appName": None, "dark": False}}),
        told({"method": "custom", "content": {"event": "go", "data": 3}}),
        told({"method": "update", "state": {"dark_effective": False}}),
    ],
)
def test_what_the_page_sends_is_let_in(text):
    assert is_allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"header": 3}', "[" * 100_000, '{"header": ' * 300, None, b"binary",
        message("execute_request", {"code": "1"}),
        message("shutdown_request", {}),
        message("comm_open", {"comm_id": "1", "target_name": "jupyter.widget", "data": {"state": {}}}),
        message("kernel_info_request", {}, channel="control"),
        message("kernel_info_request", {}, buffers=["x"]),
        told({"method": "run", "args": {"path": "/", "appName": "os"}}),
        told({"method": "run", "args": {"path": "/" * 9000, "appName": None}}),
        told({"method": "reload", "path": "/"}),
        told({"method": "evict"}),
        told({"method": "update", "state": {"template": "mine"}}),
        told({"method": "update", "state": {"dark_effective": False, "children": []}}),
        told({"method": "custom", "content": {"create_widget": ["subprocess", "Popen"], "props": {}, "id": "1"}}),
        told({"method": "custom", "content": {"event": "go", "data": 1, "update_ref": {}}}),
        told({"method": "custom", "content": {"event": "__class__", "data": 1}}),
        message("kernel_info_request", {"long": "x" * LARGEST}),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_not_let_in(text):
    assert not is_allowed(text)


def test_faults_inside_the_server_stay_there():
    assert not is_for_browsers('{"header": {"msg_type": "error"}, "content": {"traceback": ["/home"]}}')
    assert is_for_browsers('{"header": {"msg_type": "comm_msg"}, "content": {}}')


# Turns and pace


def test_everybody_gets_a_turn_in_the_order_in_which_they_came():
    turns, came, begun = Turns(), [], threading.Event()

    def act(name):
        with turns.turn() as seconds:
            came.append((name, seconds))

    with turns.turn() as alone:
        others = [threading.Thread(target=act, args=(name,)) for name in "abc"]
        for number, other in enumerate(others, 1):
            other.start()
            wait_until(lambda number=number: turns.waiting == number)
        begun.set()
    for other in others:
        other.join(10)
    assert alone == AT_ONCE
    assert [name for name, _ in came] == ["a", "b", "c"]
    assert came[0][1] == max(AT_ONCE / 3, LEAST)
    assert turns.waiting == 0


def test_a_turn_ends_with_a_fault():
    turns = Turns()
    with pytest.raises(ValueError), turns.turn():  # noqa: PT011
        raise ValueError
    with turns.turn() as seconds:
        assert seconds == AT_ONCE


def test_many_messages_wait():
    pace = Pace(burst=3, rate=10)
    waits = [pace.wait() for _ in range(8)]
    assert waits[:3] == [0, 0, 0]
    assert waits[-1] == pytest.approx(0.5, abs=0.05)


# Guests


def room_of(**limits):
    return Room(SMALL, Limits(**limits))


def test_a_full_room_lets_nobody_in_until_somebody_leaves():
    room = room_of(visitors=1)
    first, second = Guest(room, "", lambda: None), Guest(room, "?seed=9", lambda: None)
    assert first.visitor is not None
    assert (second.visitor, second.why) == (None, "full")
    second.enter()
    assert second.visitor is None
    first.leave()
    second.enter()
    assert second.visitor is not None
    assert second.visitor.view.seed == 9


def test_a_guest_who_rests_gives_way(monkeypatch):
    room = room_of(visitors=1)
    first = Guest(room, "", lambda: None)
    monkeypatch.setattr(guests, "STALE", 0.0)
    assert Guest(room, "", lambda: None).visitor is not None
    assert (first.visitor, first.why, len(room.guests)) == (None, "released", 1)


def test_what_nobody_uses_is_put_away_and_comes_back():
    room, drawn = room_of(), []
    guest = Guest(room, "?seed=7", lambda: drawn.append(1))
    guest.visitor.go(3)
    while guest.visitor.worlds.position < 3:
        guest.visitor.more()
    shown, link = guest.visitor.worlds.now[0].people.tobytes(), guest.visitor.view.link()
    assert room.guests.release_idle(1000.0) == 0
    assert room.guests.release_idle(0.0) == 1
    assert (guest.visitor, guest.why, guest.link) == (None, "released", link)
    guest.enter()
    guest.visitor.more()
    while guest.visitor.worlds.position < 3:
        guest.visitor.more()
    assert guest.visitor.worlds.now[0].people.tobytes() == shown


@pytest.mark.parametrize("limits", [{"residents": 5}, {"months": 5}])
def test_what_is_too_large_is_refused_in_words(limits):
    with pytest.raises(ScenarioError, match="at most 5"):
        room_of(**limits).check([load_scenario("village")])


# Is it luck?


@pytest.fixture(scope="module")
def small():
    """Return a comparison of two small scenarios."""
    arms = [load_scenario("village"), load_scenario("village", {"supply.mode": "multi_centre"})]
    return arms, compare(arms, replicates=4, seed=5, months=12, jobs=1)


def test_what_is_shown_is_what_comparing_says(small):
    _, comparison = small
    found = found_by(comparison)
    rows = comparison.outcomes.set_index("outcome")
    assert found.pairs == 4
    for name, row in found.effects.items():
        for key, value in row.items():
            assert value == pytest.approx(rows.loc[name, key], nan_ok=True)
    table = comparison.months[comparison.months["month"] == 11].set_index(["scenario", "replicate"])["participation"]
    apart = [table[comparison.labels[1], pair] - table[comparison.labels[0], pair] for pair in (1, 2, 3, 4)]
    low, _, high = found.bands["participation"][:, found.months.index(12)]
    assert min(apart) <= low <= high <= max(apart)
    assert set(found.reports) == {"en", "zh"}


def test_the_same_scenario_twice_differs_in_no_pair():
    village = load_scenario("village")
    found = found_by(compare([village, village], replicates=3, months=6, jobs=1))
    for row in found.effects.values():
        assert answer(row, "none", language("en")) in ("No difference in any pair", "not known")
    assert all((band[~(band != band)] == 0).all() for band in found.bands.values())
    assert any(row["difference"] == 0.0 for row in found.effects.values())


def test_a_trial_runs_in_a_process_of_its_own_and_the_next_one_waits():
    line, village = Line(pairs=2), load_scenario("village", {"study.months": 6})
    first, second = (Trial([village, village], seed, lambda: None) for seed in (1, 2))
    assert line.join(first)
    assert line.join(second)
    assert line.place(second) == 1
    wait_until(lambda: second.state == "done", 120)
    assert (first.state, first.found.pairs, second.found.pairs) == ("done", 2, 2)
    assert line.place(second) == 0


def test_a_trial_that_is_given_up_leaves_no_process():
    line, ly = Line(pairs=30), load_scenario("single_centre")
    trial, other = (Trial([ly, ly], 1, lambda: None) for _ in range(2))
    line.join(trial)
    line.join(other)
    wait_until(lambda: trial.share > 0, 120)
    workers = children(line._process.pid)
    assert workers
    line.leave(other)
    line.leave(trial)
    assert (trial.state, other.state) == ("given up", "given up")
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 20)
    assert line.join(Trial([ly, ly], 1, lambda: None))
    line.close()


def children(pid):
    """Return the numbers of a process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += children(int(child))
    return found


def test_a_line_is_only_so_long():
    line = Line(longest=0)
    assert not line.join(Trial([], 1, lambda: None))


def test_a_trial_that_fails_says_why():
    line = Line(pairs=0)
    trial = Trial([load_scenario("village")] * 2, 1, lambda: None)
    line.join(trial)
    wait_until(lambda: trial.state == "failed", 60)
    assert "replicates must be at least 1" in trial.fault


def test_another_scenario_or_seed_gives_up_the_trial(monkeypatch):
    monkeypatch.setattr(trials.Line, "join", lambda line, trial: True)
    left = []
    monkeypatch.setattr(trials.Line, "leave", lambda line, trial: left.append(trial))
    visitor = Visitor(room_of(), "", lambda: None)
    visitor.try_luck()
    trial = visitor.luck.trial
    visitor.reset()
    assert (visitor.luck.trial, left) == (trial, [])
    visitor.set_seed("12")
    assert (visitor.luck.trial, left) == (None, [trial])
    visitor.try_luck()
    visitor.choose("right", "none")
    assert visitor.luck.trial is None
    visitor.try_luck()
    assert visitor.luck.trial is None


# The server


@contextmanager
def served(*words):
    """Start a dashboard, and give its address and process."""
    command = [sys.executable, "-m", "cosim", "dashboard", "--port", "0", "--no-open", "--left", "village", "--right",
               "village", *words]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        found = re.search(r"http://\S+(?=/ )", process.stdout.readline())
        assert found, process.stderr.read()
        yield found.group(), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0


@pytest.fixture(scope="module")
def address():
    with served("--visitors", "20") as (found, _):
        yield found


def fetch(address, path, method="GET", **headers):
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)) as where:
        where.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = where.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, answer.read().decode("latin-1")


def test_the_page_is_in_the_visitors_language_and_guarded(address):
    status, headers, html = fetch(address, "/")
    assert status == 200
    assert '<html lang="en">' in html
    assert "user-scalable" not in html
    assert "Server" not in re.sub(r"<script(?! type=.x-template).*?</script>", "", html, flags=re.DOTALL)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'unsafe-eval' 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "HttpOnly" in headers["set-cookie"]
    status, headers, _ = fetch(address, "/?seed=3", accept_language="zh-CN,zh;q=0.9,en;q=0.8")
    assert (status, headers["location"]) == (302, "/?seed=3&lang=zh")
    assert '<html lang="zh-Hans">' in fetch(address, "/?lang=zh")[2]
    assert fetch(address, "/?lang=en&set=" + "x" * 9000)[0] == 414


@pytest.mark.parametrize(
    "path",
    [
        "/resourcez", "/_solara/api/evict/1", "/_solara/cdn/left-pad@1.3.0/index.js", "/nowhere",
        "/_solara/cdn/../../../../pyvenv.cfg", "/static/../app.py", "/jupyter/api/kernels/1", "/static/public/x",
    ],
)  # fmt: skip
def test_there_is_nothing_else(address, path):
    status, headers, _ = fetch(address, path)
    assert status == 404
    assert "content-security-policy" in headers


def test_another_host_name_is_not_answered(address):
    assert fetch(address, "/", Host="elsewhere.example")[0] == 421
    assert fetch(address, f"/_solara/api/close/{'0' * 36}?session_id=1", "POST", Origin="http://elsewhere")[0] == 404


def test_what_the_page_needs_is_there(address):
    html = fetch(address, "/")[2]
    needed = re.findall(r"(?:src|href)=\"(/[^\"]+)\"", html)
    assert len(needed) > 3
    for path in needed:
        assert fetch(address, path)[0] == 200, path


def test_what_is_not_on_disk_is_asked_of_nobody(tmp_path):
    async def app(scope, receive, send):
        raise AssertionError(scope["path"])

    async def asked(path):
        async def send(message):
            said.append(message.get("status"))

        door = Doorman(app, room_of(), tmp_path, "127.0.0.1", None)
        headers = [(b"host", b"127.0.0.1:8765")]
        await door({"type": "http", "path": path, "method": "GET", "headers": headers, "query_string": b""}, None, send)

    said = []
    (tmp_path.parent / "outside.js").write_text("x")
    for path in ("vue@3.0.0/vue.js", "../outside.js", "", "."):
        run(asked(f"/_solara/cdn/{path}"))
    assert said == [404, None] * 4


def play(address, act):
    async def go():
        wire = await Wire.open(address)
        try:
            return await act(wire)
        finally:
            await wire.close()

    return run(go())


def test_a_page_of_another_site_is_not_let_in(address):
    async def come(origin):
        socket = f"ws{address.removeprefix('http')}/jupyter/api/kernels/{'0' * 36}/channels?session_id=1"
        async with websockets.connect(socket, origin=origin):
            pass

    for origin in ("http://elsewhere.example", None):
        with pytest.raises(websockets.InvalidStatus):
            run(come(origin))


def test_strange_messages_change_nothing_and_hurt_nobody(address):
    async def act(wire):
        await wire.send("{")
        await wire.send(b"\x00\x00")
        await wire.send(told({"method": "custom", "content": {"create_widget": ["os", "system"], "props": {}}}))
        await ready(wire)
        with suppress(websockets.ConnectionClosed):
            await wire.send("x" * 3_000_000)
        with pytest.raises(ServerFault):
            await wire.event("speeds", "go", 2)

    async def ready(wire):
        while not wire.part("speeds")["ready"]:
            await wire.event("speeds", "more", None)
        await wire.event("speeds", "go", 1)
        assert wire.part("speeds")["position"] == 1

    play(address, act)
    play(address, ready)


def test_a_flood_does_not_starve_another_visitor(address):
    async def go():
        loud, quiet = await Wire.open(address), await Wire.open(address)
        number = next(number for number in reversed(loud.models) if "speeds" in loud.models[number])
        event = {"method": "custom", "content": {"event": "go", "data": 60}}
        for _ in range(1000):
            await loud.send(message("comm_msg", {"comm_id": number, "data": event}))
        waits = [await quiet.event("speeds", "more", None) for _ in range(5)]
        await loud.close()
        await quiet.close()
        return waits

    assert max(run(go())) < 5.0


def test_a_room_that_is_full_says_so_and_what_rests_is_put_away():
    def is_outside(wire):
        return any("again" in state for state in wire.models.values())

    async def go(address):
        wires = [await Wire.open(address) for _ in range(3)]
        outside = [is_outside(wire) for wire in wires]
        end = time.monotonic() + 30
        while time.monotonic() < end and not all(map(is_outside, wires)):
            await asyncio.sleep(0.5)
        rested = [wire.part("again")["words"]["title"] for wire in wires]
        await wires[0].event("again", "enter", None)
        back = wires[0].part("speeds")["position"]
        for wire in wires:
            await wire.close()
        return outside, rested, back

    with served("--visitors", "2", "--idle", "0.1") as (address, _):
        outside, rested, back = run(go(address))
    assert outside == [False, False, True]
    assert rested == ["This page has rested", "This page has rested", "The room is full"]
    assert back == 0


def test_ctrl_c_ends_it_and_another_host_is_warned_of():
    with served("--host", "0.0.0.0") as (_, process):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Everybody on this network can open it" in said
        assert "Traceback" not in said


def refused(*words):
    """Return what a command with bad input says."""
    result = CliRunner().invoke(cli.app, ["dashboard", "--no-open", *words])
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    return result.stderr


def test_bad_input_is_refused_at_the_start(tmp_path, monkeypatch):
    faulty = tmp_path / "faulty.toml"
    faulty.write_text('extends = "village"\n[study]\nmonths = "many"\n', encoding="utf-8")
    assert "faulty.toml, line 3: study.months" in refused("--left", str(faulty))
    assert "nowhere" in refused("--right", "nowhere")
    assert "not the same people" in refused("--left", "village", "--right", "single_centre")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port} cannot be used" in refused("--port", port)
    monkeypatch.setattr("cosim.cli.dashboard.find_spec", lambda name: None)
    assert "pip install 'cosim-community[dashboard]'" in refused()


def test_a_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AddressError, match="in use"):
            listen("127.0.0.1", taken.getsockname()[1])


def test_nothing_is_reported_to_anybody():
    code = (
        "import os; from cosim.dashboard.serving import SETTINGS; os.environ |= SETTINGS\n"
        "from solara.server import settings\n"
        "assert settings.telemetry.mixpanel_enable is False and settings.main.mode == 'production'"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    assert SETTINGS["SOLARA_ASSETS_PROXY"] == "True"


def test_a_few_visitors_play_at_once_and_see_their_own_worlds():
    command = [sys.executable, "benchmarks/visitors.py", "--wires", "3", "--browsers", "0", "--seconds", "12", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["courses_checked"] == 6
    assert told["visitors"] == 3
