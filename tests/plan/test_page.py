"""The page of a plan, as text and in a real browser."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dsgen.plan.page import MOST_BARS, as_page
from dsgen.plan.plan import Plan
from dsgen.problem import Problem
from tests.plan.test_plan import daemonset, planned, requests

PICTURE = Path(__file__).parents[2] / "docs" / "how-to" / "plan.png"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
POOLS = """\
pools:
  general: {count: 20, down: 1, allocatable: {cpu: 3920m, memory: 15Gi, pods: 58}}
  gpu: {count: 4, labels: {example.com/gpu: a100}, taints: ["dedicated=gpu:NoSchedule"], allocatable: {cpu: 31, memory: 120Gi}}
  control-plane: {count: 3, taints: ["node-role.kubernetes.io/control-plane:NoSchedule"], allocatable: {cpu: 1900m, memory: 6Gi}}
"""
EVERYWHERE = "tolerations: [{operator: Exists}]"


def example() -> Plan:
    return planned(
        daemonset(
            "network", f"{EVERYWHERE}, priorityClassName: system-node-critical", requests("cpu: 150m, memory: 300Mi")
        ),
        daemonset("node-exporter", EVERYWHERE, requests("cpu: 100m, memory: 180Mi")),
        daemonset("log-agent", "", requests("cpu: 200m, memory: 400Mi")),
        daemonset(
            "gpu-metrics", "nodeSelector: {example.com/gpu: a100}, " + EVERYWHERE, requests("cpu: 1, memory: 1Gi")
        ),
        daemonset("scanner", "", requests("cpu: 250m, memory: 700Mi")),
        nodes=POOLS,
    )


class Words(HTMLParser):
    """Collects the text of a page, its tags and the addresses in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


def test_what_stands_there() -> None:
    made = example()
    text = Words(as_page(made, made.problems)).text
    assert "5 DaemonSets on 27 nodes in 3 pools; 0 errors, 4 warnings" in text
    assert "tools/log-agent 0 of 3 3 nodes (control-plane-1, control-plane-2, control-plane-3): taint" in text
    assert "general 20 nodes (general-1, general-2, general-3, …)" in text
    assert "700m of 3920m (18%)" in text
    assert "tools/scanner: 250m cpu (6.4%)" in text
    assert "no pod is replaced while a node is down" in text
    assert "Critical, and never evicted: tools/network" in text
    assert "[insufficient-max-unavailable] agents.yaml:" in text


def test_it_stands_alone() -> None:
    page = Words(as_page(example(), []))
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert page.addresses == []


def test_it_is_the_same_twice() -> None:
    assert as_page(example(), []) == as_page(example(), [])


def test_nothing_breaks_out() -> None:
    wild = "<script>alert(1)</script>\"'&"
    made = example()
    placed = made.placed[0]._replace(agent=made.placed[0].agent._replace(name=wild))
    page = as_page(made._replace(placed=[placed, *made.placed[1:]]), [Problem("x", "error", wild, wild, wild, 1)])
    assert "script" not in Words(page).tags
    assert wild in Words(page).text


def test_little_is_known() -> None:
    text = Words(as_page(planned(daemonset("first"), nodes="pools: {a: {count: 2}}"), [])).text
    assert "Nothing is known of what is allocatable, or nothing is requested." in text
    assert text.endswith("Problems None.")
    assert "on no node" in Words(as_page(planned(daemonset("first"), nodes="pools: {}"), [])).text


def test_more_is_requested_than_there_is() -> None:
    made = planned(daemonset("first", "", requests("cpu: 3")), nodes="pools: {a: {allocatable: {cpu: 2}}}")
    page = as_page(made, made.problems)
    assert '<span class="over">3 of 2 (150%)</span>' in page
    assert "width: 100.0%" in page


def test_many_kinds_of_nodes() -> None:
    pools = "".join(f"  p{number}: {{allocatable: {{cpu: 2}}}}\n" for number in range(MOST_BARS + 3))
    page = Words(as_page(planned(daemonset("first", "", requests("cpu: 1")), nodes=f"pools:\n{pools}"), []))
    assert page.tags.count("section") == MOST_BARS
    assert "And 3 more groups of nodes." in page.text


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize(("scheme", "colour"), [("1", "fbfbfa"), ("0", "14171b")], ids=["light", "dark"])
def test_in_a_browser(scheme: str, colour: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With `--update`, the picture in the documentation is taken anew."""
    assert CHROMIUM is not None
    made = example()
    (tmp_path / "plan.html").write_text(as_page(made, made.problems), "utf-8")
    picture = tmp_path / "plan.png"
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={tmp_path}/user",
    ]
    options += [f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1100,1000", f"--screenshot={picture}"]
    subprocess.run([CHROMIUM, *options, f"file://{tmp_path}/plan.html"], check=True, capture_output=True, timeout=120)
    data = picture.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1100, 1000)
    assert first_pixel(data) == colour
    if request.config.getoption("update") and scheme == "1":
        PICTURE.write_bytes(data)


def first_pixel(png: bytes) -> str:
    """Return the colour of the first pixel, which no filter of the format changes."""
    found, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            found += png[place + 8 : place + 8 + length]
        place += 12 + length
    return zlib.decompress(found)[1:4].hex()
