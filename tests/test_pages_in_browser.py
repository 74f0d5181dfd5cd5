"""The pages of a large plan and a large diff in a real browser: what is where, at three widths, light and dark, on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsgen.diff import page as diff_page
from dsgen.diff.compare import compare
from dsgen.plan import page as plan_page
from dsgen.problem import Problem
from tests.browser import Browser, browser, needs_chromium
from tests.diff.test_page import agent, objects
from tests.plan.large import AGENTS, POOLS, large

pytestmark = [needs_chromium, pytest.mark.long]
WIDTHS = (1280, 768, 420)
# A pixel: edges are rounded.
NEAR = 1.5
SCROLLED = "document.querySelector('#where').scrollIntoView()"


def box(selector: str) -> str:
    return f"[...document.querySelectorAll({selector!r})].map(each => each.getBoundingClientRect().toJSON())"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = large()
    path = tmp_path_factory.mktemp("pages")
    problems = [*made.problems, Problem("bad", "error", "tools/agent-30 is wrong", file="agents.yaml", line=1)]
    (path / "plan.html").write_text(plan_page.as_page(made, problems), "utf-8")
    (path / "diff.html").write_text(differences(), "utf-8")
    return path


@pytest.fixture(scope="module")
def chromium(folder: Path) -> Iterator[Browser]:
    with browser(folder) as found:
        yield found


def differences() -> str:
    """Return the page of a change: of 60 agents, each seventh is removed, and the others get another image."""
    old = objects("".join(agent(f"agent-{number}", "example.com/agent:1") for number in range(1, 61)))
    kept = [number for number in range(1, 61) if number % 7]
    new = objects("".join(agent(f"agent-{number}", f"example.com/agent:{1 + number % 3}") for number in kept))
    wrong = {key: [Problem("invalid-image", "error", "the image is wrong")] for key in new if key.name == "agent-40"}
    return diff_page.as_page(compare(old, new, wrong, None, {"": "1.37"}))


@pytest.mark.parametrize("name", ["plan", "diff"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_the_window_and_loads_nothing(chromium: Browser, folder: Path, width: int, name: str) -> None:
    page = folder / f"{name}.html"
    chromium.show(page, width)
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.requested == [page.as_uri()]
    assert chromium.logged == []


@pytest.mark.parametrize("name", ["plan", "diff"])
def test_problems_are_visible_without_scrolling(chromium: Browser, folder: Path, name: str) -> None:
    for width in WIDTHS:
        chromium.show(folder / f"{name}.html", width)
        (first, *_) = chromium.run(box(".problems li"))
        assert first["bottom"] < 900
        assert "wrong" in chromium.run("document.querySelector('.problems li').innerText")


def test_all_pools_are_visible(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "plan.html", 1280)
    chromium.run(SCROLLED)
    names = chromium.run(box("th.pool .upright"))
    assert len(names) == len(POOLS)
    assert all(each["left"] >= 0 and each["right"] <= 1280 and each["height"] > 2 * each["width"] for each in names)
    # None is cut off.
    assert chromium.run(
        "[...document.querySelectorAll('.upright')].every(each => each.scrollHeight <= each.clientHeight)"
    )
    cells = chromium.run(box("tbody tr:first-child td.cell"))
    assert max(each["right"] for each in cells) <= 1280


@pytest.mark.parametrize("width", WIDTHS)
def test_header_and_first_column_stay(chromium: Browser, folder: Path, width: int) -> None:
    chromium.show(folder / "plan.html", width)
    chromium.run(SCROLLED)
    both = box(".where thead th, .where tbody tr:nth-child(30) th")
    before = chromium.run(both)
    chromium.run(
        "document.querySelector('.scroll').scrollTo(10000, document.querySelector('.where tbody tr:nth-child(25)').offsetTop - 300)"
    )
    moved = chromium.run("document.querySelector('.scroll').scrollTop")
    after = chromium.run(both)
    assert moved > 300
    assert all(
        one["top"] == pytest.approx(other["top"], abs=NEAR) for one, other in zip(before[:-1], after[:-1], strict=True)
    )
    assert after[0]["left"] == pytest.approx(before[0]["left"], abs=NEAR)
    assert after[-1]["left"] == pytest.approx(before[-1]["left"], abs=NEAR)
    assert after[-1]["top"] == pytest.approx(before[-1]["top"] - moved, abs=NEAR)
    last = after[-2]
    if width == 420:
        assert chromium.run("document.querySelector('.scroll').scrollLeft") > 100
    assert last["right"] <= width
    # What is at the corner is the corner, and not a cell that was scrolled below it.
    corner = f"document.elementFromPoint({after[0]['left'] + 8}, {after[0]['top'] + 8})"
    assert chromium.run(f"{corner}.closest('th') === document.querySelector('.where thead th')")
    name = f"document.elementFromPoint({after[-1]['left'] + 8}, {after[-1]['top'] + 8})"
    assert chromium.run(f"{name}.closest('th') === document.querySelector('.where tbody tr:nth-child(30) th')")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_bars_of_resources_are_true(chromium: Browser, folder: Path, width: int, dark: bool) -> None:
    """Each bar is filled from its left end to the share that is said beside it, without a hole, and its parts can be told apart."""
    chromium.show(folder / "plan.html", width, 900, dark)
    bars = chromium.run(
        "[...document.querySelectorAll('.bar')].map(bar => [bar.querySelector('svg').getBoundingClientRect().toJSON(),"
        " bar.querySelector('svg').getAttribute('aria-label'), bar.querySelectorAll('rect').length])"
    )
    assert len(bars) == 2 * len(POOLS)
    # Each picture takes a while.
    for at, said, parts in bars[::3]:
        share = float(said.partition("%")[0]) / 100
        picture = chromium.picture(box={**at, "y": at["y"] + at["height"] / 2, "height": 2})
        row = picture.row(1, 1, picture.width - 1)
        filled = [colour != row[-4] for colour in row]
        end = filled.index(False)
        assert not any(filled[end:])
        assert end / len(row) == pytest.approx(share, abs=0.006 + 2 / len(row))
        assert len(set(row[:end])) > min(parts, end // 12) // 2


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_of_rollouts_are_visible_and_true(chromium: Browser, folder: Path, width: int) -> None:
    chromium.show(folder / "plan.html", width)
    chromium.run("document.querySelectorAll('.scroll').forEach(each => { each.style.maxHeight = 'none'; })")
    waves = [placed.rollout for placed in large().placed if placed.rollout.waves]
    bars = chromium.run(box(".most"))
    inner = chromium.run(box(".time"))
    room = chromium.run(
        "[...document.querySelectorAll('.most')].map(each => { const style = getComputedStyle(each.parentElement);"
        " return each.parentElement.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight); })"
    )
    assert len(bars) == len(waves) > AGENTS // 2
    longest = max(each.most_seconds for each in waves)
    known = sorted((each.most_seconds / longest, each.seconds / longest) for each in waves)
    found = sorted(
        (bar["width"] / all_of, time["width"] / all_of) for bar, time, all_of in zip(bars, inner, room, strict=True)
    )
    for (most, expected), (drawn, drawn_expected) in zip(known, found, strict=True):
        assert drawn == pytest.approx(most, abs=5 / min(room))
        assert drawn_expected == pytest.approx(expected, abs=5 / min(room))
    assert all(bar["width"] >= 3 for bar in inner)
    # A strip with the left ends of all bars.
    top, bottom = inner[0]["y"], inner[-1]["bottom"]
    strip = chromium.picture(box={"x": inner[0]["x"], "y": top, "width": 4, "height": bottom - top})
    for bar in inner:
        red, _, blue = strip.at(2, bar["y"] - top + bar["height"] / 2)
        assert blue > red + 60


@pytest.mark.parametrize("name", ["plan", "diff"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_same_page_looks_the_same(chromium: Browser, folder: Path, width: int, name: str) -> None:
    """Pictures are compared with each other, not with stored ones: fonts differ from machine to machine."""
    pictures = []
    for dark in (False, True, False):
        chromium.show(folder / f"{name}.html", width, 900, dark)
        pictures.append(chromium.picture())
    light, dark_one, again = pictures
    assert light.data == again.data
    corner, dark_corner = (picture.row(0, 0, 1)[0] for picture in (light, dark_one))
    assert min(corner) > 200
    assert max(dark_corner) < 60


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["plan", "diff"])
def test_text_can_be_read(chromium: Browser, folder: Path, name: str, dark: bool) -> None:
    """The contrast of text and what is behind it is at least that of WCAG 2 AA."""
    chromium.show(folder / f"{name}.html", 1280, 900, dark)
    found = chromium.run("""(() => {
      const numbers = text => text.match(/[0-9.]+/g).map(Number);
      const light = ([red, green, blue]) => [red, green, blue].map(each => each / 255)
        .map(each => each <= .03928 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
        .reduce((sum, each, index) => sum + each * [.2126, .7152, .0722][index], 0);
      const behind = each => { for (; each; each = each.parentElement) { const colour = numbers(getComputedStyle(each).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour; } };
      const low = new Set();
      for (const each of document.querySelectorAll("main *")) {
        if (![...each.childNodes].some(child => child.nodeType === 3 && child.data.trim()) || each.closest("svg")) continue;
        const [one, other] = [light(numbers(getComputedStyle(each).color)), light(behind(each))].sort((a, b) => b - a);
        if ((one + .05) / (other + .05) < 4.5) low.add(each.tagName + "." + each.className + " in " + each.parentElement.className);
      }
      return [...low];
    })()""")
    assert found == []


def choose(by: str, label: str) -> str:
    return (
        f"(() => {{ const field = document.querySelector('[data-by={by}]');"
        f" field.value = [...field.options].find(each => each.text === {label!r}).value;"
        " field.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


VISIBLE = "[...document.querySelectorAll('.where tbody tr')].filter(each => each.offsetHeight).map(each => each.id)"


def test_filter_by_agent(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "plan.html", 1280)
    assert len(chromium.run(VISIBLE)) == AGENTS
    chromium.click("[data-by=text]")
    chromium.type("AGENT-3")
    assert len(chromium.run(VISIBLE)) == 11
    assert chromium.run("document.querySelector('output').textContent") == "11 of 60"
    assert (
        chromium.run("[...document.querySelectorAll('.rollouts tbody tr')].filter(each => each.offsetHeight).length")
        == 11
    )
    names = chromium.run(
        "[...document.querySelectorAll('.problems .places li')].filter(each => each.offsetHeight).map(each => each.innerText)"
    )
    assert names
    assert all(name.startswith("tools/agent-3") for name in names)
    chromium.click("button[type=reset]")
    assert len(chromium.run(f"new Promise(done => setTimeout(() => done({VISIBLE}), 50))")) == AGENTS
    assert chromium.run("document.querySelector('output').textContent") == ""


def test_filter_by_pool(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "plan.html", 1280)
    chromium.run(choose("pool", "gpu-a100-training"))
    seen = "each => each.offsetHeight"
    assert chromium.run(f"[...document.querySelectorAll('th.pool')].filter({seen}).map(each => each.innerText)") == [
        "gpu-a100-training\n417"
    ]
    assert chromium.run(f"[...document.querySelectorAll('.where tbody tr:first-child td')].filter({seen}).length") == 1
    assert chromium.run(
        f"[...document.querySelectorAll('#resources ~ section.card')].filter({seen}).map(each => each.querySelector('h3').innerText.split(' ')[0])"
    ) == ["gpu-a100-training"]
    assert len(chromium.run(VISIBLE)) == AGENTS


def test_filter_by_problem(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "plan.html", 1280)
    chromium.run(choose("problem", "runs-nowhere"))
    nowhere = sum(not placed.nodes for placed in large().placed)
    assert 0 < nowhere < AGENTS
    assert len(chromium.run(VISIBLE)) == nowhere
    # Groups without anything left are hidden as a whole.
    assert (
        chromium.run("[...document.querySelectorAll('details.problems')].filter(each => each.offsetHeight).length") == 1
    )
    chromium.run(choose("problem", "with errors"))
    assert chromium.run(VISIBLE) == ["agent-29"]


def test_links_lead_to_agents_and_back(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "plan.html", 768)
    chromium.click(".problems .places a[href='#agent-56']")
    (row,) = chromium.run(f"new Promise(done => setTimeout(() => done({box('#agent-56')}), 100))")
    (header, *_) = chromium.run(box(".where thead th"))
    assert header["bottom"] - NEAR <= row["top"] < 900
    chromium.run("document.querySelector('details.warning').open = false")
    chromium.click("#agent-56 .badge")
    (problem,) = chromium.run(f"new Promise(done => setTimeout(() => done({box(':target')}), 100))")
    assert 0 <= problem["top"] < 900
    assert problem["height"] > 0


def test_filters_of_a_diff(chromium: Browser, folder: Path) -> None:
    chromium.show(folder / "diff.html", 420)
    seen = "[...document.querySelectorAll('.object')].filter(each => each.offsetHeight).length"
    everything = chromium.run(seen)
    assert everything > 30
    chromium.run(choose("what", "Rejected"))
    assert chromium.run(seen) == 1
    assert chromium.run("document.querySelector('output').textContent") == f"1 of {everything}"


def test_without_scripts_everything_is_shown(chromium: Browser, folder: Path) -> None:
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.show(folder / "plan.html", 1280)
        chromium.run(SCROLLED)
        assert chromium.run("document.querySelector('form.filter').offsetHeight") == 0
        assert len(chromium.run(VISIBLE)) == AGENTS
    finally:
        chromium.send("Emulation.setScriptExecutionDisabled", value=False)


def test_on_paper(chromium: Browser, folder: Path) -> None:
    """All is light, whole and without controls, also from a dark window."""
    chromium.show(folder / "plan.html", 1040, 900, dark=True, media="print")
    assert chromium.run("document.querySelector('form.filter').offsetHeight") == 0
    assert chromium.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert chromium.run(
        "[...document.querySelectorAll('.scroll')].every(each => each.scrollHeight <= each.clientHeight + 1)"
    )
    assert all(each["right"] <= 1040 for each in chromium.run(box("th.pool")))
    (bar, *_) = chromium.run(box(".track rect"))
    picture = chromium.picture(box=bar)
    assert picture.at(picture.width / 2, picture.height / 2) != (255, 255, 255)
    assert chromium.pdf().startswith(b"%PDF-")
