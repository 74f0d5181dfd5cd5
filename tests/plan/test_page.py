"""The page of a plan, as text; `tests/test_pages_in_browser.py` looks at it in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dsgen.page.page import natural
from dsgen.plan.bars import LENGTH, MOST_KINDS, bars_of
from dsgen.plan.concerned import Concerned
from dsgen.plan.page import MOST_REASONS, as_page
from dsgen.plan.plan import Plan
from dsgen.problem import Problem
from tests.browser import browser, needs_chromium
from tests.html import Words
from tests.plan.large import AGENTS, large
from tests.plan.large import POOLS as LARGE_POOLS
from tests.plan.test_plan import daemonset, planned, requests

PICTURE = Path(__file__).parents[2] / "docs" / "how-to" / "plan.png"
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


def test_what_it_says() -> None:
    made = example()
    text = Words(as_page(made, made.problems)).text
    assert "5 DaemonSets on 27 nodes in 3 pools; 0 errors, 4 warnings" in text
    assert "tools/log-agent on 20 of 27 nodes 4 nodes (gpu-1, gpu-2, gpu-3, …) of gpu: taint dedicated=gpu" in text
    assert "general 20 nodes (general-1, general-2, general-3, …)" in text
    assert "700m of 3920m (18%)" in text
    assert "tools/ scanner 250m (6.4%) 700Mi (4.6%)" in text
    assert "no pod is replaced while a node is down" in text
    assert "Critical, and never evicted: tools/network" in text
    assert "warning insufficient-max-unavailable 4 `maxUnavailable` is 1, and a node with its pod is down" in text


def test_problems_come_first_and_are_linked() -> None:
    made = example()
    page = as_page(made, [*made.problems, Problem("bad", "error", "tools/scanner is wrong")])
    assert page.index("tools/scanner is wrong") < page.index("`maxUnavailable` is 1") < page.index("<table")
    words = Words(page)
    targets = {address[1:] for address in words.addresses}
    assert all(address.startswith("#") for address in words.addresses)
    assert targets <= set(words.ids)
    (number,) = re.findall(r'id="problem-([0-9]+)"[^>]*><a href="#agent-4">tools/scanner</a> *\n* *</li>', page)
    assert f'href="#problem-{number}" title="tools/scanner is wrong"' in page


def test_problems_that_differ_only_in_their_place_are_one() -> None:
    made = large()
    page = as_page(made, made.problems)
    many = sum(each.code == "insufficient-max-unavailable" for each in made.problems)
    assert many > 10
    assert page.count("and 3 nodes with its pods are down (") == 1 + page.count(
        'title="`maxUnavailable` is 1, and 3 nodes'
    )
    assert Words(page).text.count(f"insufficient-max-unavailable {many} ") == 1


def test_whom_a_problem_is_about() -> None:
    made = example()
    agents = [placed.agent for placed in made.placed]
    concerned = Concerned(agents)

    def about(message: str = "", line: int = 0, file: str = "agents.yaml") -> list[str]:
        return [agents[number].name for number in concerned(Problem("x", "error", message, "", file, line))]

    assert about("tools/scanner and tools/network both use port 80", 1) == ["network", "scanner"]
    assert about("on gpu-1: agents request 4; tools/scanner, and more", 1) == ["scanner"]
    assert about("no name: tools/scanner-2", 8) == ["node-exporter"]
    assert about(line=1) == ["network"]
    assert about(line=1_000) == []
    assert len(about()) == 5
    assert about(file="other.yaml") == []


def test_it_needs_nothing_else() -> None:
    """Nothing is loaded, and a browser runs only the one script, whose hash is that of the policy."""
    page = as_page(example(), example().problems)
    words = Words(page)
    assert words.tags.count("script") == 1
    assert {"link", "img", "iframe", "object", "form"} & set(words.tags) == {"form"}
    assert all(address.startswith("#") for address in words.addresses)
    assert "default-src 'none'" in page
    assert "url(" not in page


def test_it_is_the_same_twice() -> None:
    assert as_page(example(), []) == as_page(example(), [])


def test_nothing_breaks_out() -> None:
    wild = "<script>alert(1)</script>\"'&{{ 7*7 }}\x1b\u202e"
    made = example()
    placed = made.placed[0]._replace(agent=made.placed[0].agent._replace(name=wild))
    pools = [made.pools[0]._replace(name=wild), *made.pools[1:]]
    nodes = [node._replace(pool=wild) if node.pool == pools[0].nodes[0].pool else node for node in made.nodes]
    pools[0] = pools[0]._replace(nodes=nodes[: len(pools[0].nodes)] if nodes[0].pool == wild else pools[0].nodes)
    problem = Problem("x", "error", wild, wild, wild, 1)
    page = as_page(made._replace(placed=[placed, *made.placed[1:]]), [problem])
    words = Words(page)
    assert words.tags.count("script") == 1
    assert "<script>alert(1)</script>\"'&{{ 7*7 }}\\x1b\\u202e" in words.text
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_little_is_known() -> None:
    text = Words(as_page(planned(daemonset("first"), nodes="pools: {a: {count: 2}}"), [])).text
    assert "Nothing is known of what is allocatable, or nothing is requested." in text
    assert "Problems None. Where pods run" in text
    assert text.endswith("All agents run on every node.")
    assert "on no node" in Words(as_page(planned(daemonset("first"), nodes="pools: {}"), [])).text
    assert "0 DaemonSets" in Words(as_page(planned(nodes="pools: {}"), [])).text


def test_more_is_requested_than_there_is() -> None:
    made = planned(daemonset("first", "", requests("cpu: 3")), nodes="pools: {a: {allocatable: {cpu: 2}}}")
    page = as_page(made, made.problems)
    assert '<span class="over">3 of 2 (150%)</span>' in page
    (pool,) = bars_of(made)
    (bar,) = pool.kinds[0].bars
    assert [(part.start, part.length) for part in bar.parts] == [(0, LENGTH)]
    assert bar.limit == round(LENGTH / 1.5)


def test_bars_are_true_and_have_no_gaps() -> None:
    found = list(bars_of(large()))
    assert len(found) == len(LARGE_POOLS)
    assert any(part.number < 0 for pool in found for kind in pool.kinds for bar in kind.bars for part in bar.parts)
    for pool in found:
        for bar in pool.kinds[0].bars:
            end = 0
            for part in bar.parts:
                assert part.start == end
                assert part.length > 0
                end += part.length
            assert end == pytest.approx(min(bar.share, 1) * LENGTH, abs=1)


def test_many_kinds_of_nodes_in_a_pool() -> None:
    """The fullest ones are shown."""
    pools = "".join(f"  p{number}: {{allocatable: {{cpu: {number}}}}}\n" for number in range(2, MOST_KINDS + 5))
    made = planned(daemonset("first", "", requests("cpu: 1")), nodes=f"pools:\n{pools}")
    nodes = [node._replace(pool="one") for node in made.nodes]
    made = made._replace(nodes=nodes, pools=[made.pools[0]._replace(name="one", nodes=nodes)])
    (pool,) = bars_of(made)
    assert [kind.bars[0].said for kind in pool.kinds] == [f"1 of {number}" for number in range(2, MOST_KINDS + 2)]
    assert "And 3 more kinds of nodes in one, which are less full." in Words(as_page(made, [])).text


def test_many_reasons() -> None:
    pools = "".join(f"  p{number}: {{labels: {{tier: v{number}}}}}\n" for number in range(MOST_REASONS + 3))
    page = as_page(planned(daemonset("first", "nodeSelector: {tier: x}"), nodes=f"pools:\n{pools}"), [])
    assert "and 3 more reasons" in Words(page).text


def test_names_are_in_natural_order() -> None:
    words = Words(as_page(large(), []))
    rows = [name for name in words.ids if name.startswith("agent-")]
    assert len(rows) == AGENTS
    text = words.text
    assert text.index("tools/ agent-2 ") < text.index("tools/ agent-10 ")
    assert text.index("memory-optimized-2 ") < text.index("memory-optimized-10 ")


def test_natural_order() -> None:
    names = ["b", "agent-10", "agent-1", "agent-01", "agent-2", f"b{'9' * 5_000}", "agent-a", "agent-10-a", "agent"]
    assert sorted(names, key=natural) == [
        "agent", "agent-01", "agent-1", "agent-2", "agent-10", "agent-10-a", "agent-a", "b", f"b{'9' * 5_000}"
    ]  # fmt: skip


@needs_chromium
@pytest.mark.parametrize(("dark", "colour"), [(False, (251, 251, 250)), (True, (20, 23, 27))], ids=["light", "dark"])
def test_in_a_browser(dark: bool, colour: tuple[int, int, int], tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With `--update`, the picture in the documentation is taken again."""
    made = example()
    (tmp_path / "plan.html").write_text(as_page(made, made.problems), "utf-8")
    with browser(tmp_path) as found:
        found.show(tmp_path / "plan.html", 1100, 1000, dark)
        picture = found.picture()
    assert (picture.width, picture.height) == (1100, 1000)
    assert picture.at(0, 0) == colour
    if request.config.getoption("update") and not dark:
        PICTURE.write_bytes(picture.data)
