"""The built documentation: no warning, no link that leads nowhere, valid HTML, nothing fetched from a network."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from filelock import FileLock

import cosim

ROOT = Path(__file__).resolve().parent.parent
HOSTS = {
    "mesa.readthedocs.io", "jobqueue.dask.org", "github.com", "www.comses.net", "www.openmodelingfoundation.org",
}  # fmt: skip
"""Hosts that pages link to. No test opens them: there may be no network. Whoever adds one has looked at the page."""
NOT_THERE = 'import socket\n\n\ndef refuse(*_):\n    raise OSError("no network")\n\n\nsocket.socket.connect = refuse\n'
"""What Python reads at its start, so that a build which asks a network fails."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the documentation, built once for all workers without a network."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with FileLock(shared / "docs.lock"):
        if not (shared / "no_network").exists():
            (shared / "no_network").mkdir()
            (shared / "no_network" / "sitecustomize.py").write_text(NOT_THERE)
            paths = os.pathsep.join([str(shared / "no_network"), str(ROOT)])
            command = [sys.executable, "-m", "sphinx", "-nqEW", "--keep-going", "docs", str(shared / "docs")]
            with (shared / "said.txt").open("w") as said:
                subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, stderr=said, check=False)
    if wrong := (shared / "said.txt").read_text(encoding="utf-8"):
        pytest.fail(wrong)
    return shared / "docs"


def pages(site: Path) -> Iterator[tuple[str, str]]:
    """Yield every page as its name and its HTML, but not the code beside them."""
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith(("_modules", "_downloads", "_static")):
            yield name, path.read_text(encoding="utf-8")


def links(text: str) -> set[str]:
    """Return where a page leads, and what it shows."""
    return {unquote(it) for it in re.findall(r'<(?:a|img|link|script|source)\b[^>]*?\b(?:href|src)="([^"]+)"', text)}


def test_every_link_leads_to_a_place_that_is_there(built):
    anchors = {
        name: set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))
        for path in built.rglob("*.html")
        for name in [path.relative_to(built).as_posix()]
    }
    lost = []
    for name, text in pages(built):
        for link in links(text):
            found = urlsplit(link)
            if found.scheme:
                continue
            target = os.path.normpath(Path(name).parent / found.path) if found.path else name
            there = target in anchors or (built / target).exists()
            if not there or (found.fragment and target in anchors and found.fragment not in anchors[target]):
                lost.append(f"{name}: {link}")
    assert lost == []


def test_links_out_of_it_are_those_that_somebody_looked_at(built):
    outside = {link for _, text in pages(built) for link in links(text) if urlsplit(link).scheme not in ("", "data")}
    assert {link for link in outside if urlsplit(link)[:2] not in {("https", host) for host in HOSTS}} == set()


def test_nothing_is_fetched_from_a_network(built):
    for name, text in pages(built):
        assert not re.search(r'<(?:script|link|img|source)\b[^>]*\b(?:src|href)="https?:', text), name
    for path in built.joinpath("_static").rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?https?:", path.read_text(encoding="utf-8")), path.name


def test_every_page_is_valid_html(built):
    wrong = []
    for name, text in pages(built):
        parser = html5lib.HTMLParser()
        parser.parse(text)
        wrong += [f"{name}:{place}: {code} {data}" for place, code, data in parser.errors]
    assert wrong == []


def test_every_page_is_in_a_menu(built):
    """Whoever opens the first page finds every other one from it."""
    menu = links((built / "index.html").read_text(encoding="utf-8"))
    names = {name for name, _ in pages(built)} - {"index.html", "genindex.html", "search.html", "py-modindex.html"}
    assert names <= {*menu}


def test_no_page_shows_a_path_of_a_machine(built):
    for name, text in pages(built):
        assert not re.search(r"/(?:tmp|root|work)/\w", text), name
        assert str(ROOT) not in text, name


def test_the_page_on_python_tells_exactly_what_cosim_offers(built):
    page = (built / "reference" / "api.html").read_text(encoding="utf-8")
    told = re.findall(r'<dt class="sig sig-object py" id="cosim\.([\w.]+)"', page)
    classes = {name for name in told if name.rpartition(".")[2][0].isupper()}
    outside = {name.rpartition(".")[2] for name in told if not any(name.startswith(f"{it}.") for it in classes)}
    assert outside == {*cosim.__all__} - {"__version__"}
