"""Differences as an HTML page."""

from __future__ import annotations

from dsgen.diff.compare import compare
from dsgen.diff.key import Key, key_of
from dsgen.diff.page import MOST_LINES, as_page
from dsgen.kubernetes.manifest import read
from dsgen.problem import Problem
from dsgen.tree import Map
from tests.html import Words

AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: %s, namespace: tools}
spec:
  selector: {matchLabels: {app: %s}}
  template:
    metadata: {labels: {app: %s}}
    spec: {containers: [{name: agent, image: "%s"}]}
---
"""
CONFIG = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: tools}, data: {a: %s}}\n---\n"


def agent(name: str, image: str = "example.com/agent:1", app: str = "agent") -> str:
    return AGENT % (name, app, app, image)


def objects(text: str) -> dict[Key, Map]:
    roots = [document.root for document in read(text, "objects.yaml")]
    return {key: root for root in roots if isinstance(root, Map) and (key := key_of(root))}


def page(old: str, new: str, wrong: dict[str, Problem] | None = None) -> str:
    before, after = objects(old), objects(new)
    refused = {key: [wrong[key.name]] for key in after if wrong and key.name in wrong}
    return as_page(compare(before, after, refused, None, {"": "1.37"}))


def test_what_needs_attention_comes_first_and_is_linked() -> None:
    old = agent("agent-2") + agent("agent-10") + agent("other") + CONFIG % ("settings", "x")
    new = agent("agent-2", "example.com/agent:2") + agent("agent-10", app="another") + agent("new") + agent("bad")
    problem = Problem("invalid-image", "error", "the image is wrong", file="bad.yaml", line=3, column=1)
    found = page(old, new, {"bad": problem})
    words = Words(found)
    text = words.text
    first = text.index(
        "Needs attention DaemonSet tools/bad : rejected by the API server the image is wrong [invalid-image] bad.yaml:3:1"
    )
    assert first < text.index("DaemonSet tools/agent-10 : must be deleted and recreated (immutable: `spec.selector`")
    assert "~ DaemonSet tools/agent-2 : its pods restart" in text
    assert "+ spec.template.spec.containers[agent].image: example.com/agent:2" in text
    assert "- ConfigMap tools/settings : deleted" in text
    assert all(address.startswith("#") and address[1:] in words.ids for address in words.addresses)


def test_names_are_in_natural_order() -> None:
    text = Words(page("", "".join(CONFIG % (f"config-{number}", "x") for number in range(1, 12)))).text
    assert text.index("tools/config-2 ") < text.index("tools/config-10 ")


def test_nothing_differs() -> None:
    found = Words(page(agent("agent"), agent("agent")))
    assert "Diff no changes" in found.text
    assert "form" not in found.tags


def test_nothing_breaks_out() -> None:
    wild = '"</pre><script>alert(1)</script>\\u202e"'
    found = page(CONFIG % ("settings", "x"), CONFIG % ("settings", wild))
    words = Words(found)
    assert words.tags.count("script") == 1
    assert "</pre><script>alert(1)</script>\\u202e" in words.text
    assert "\u202e" not in found


def test_very_many_lines() -> None:
    data = ", ".join(f"k{number}: x" for number in range(MOST_LINES + 3))
    old, new = (CONFIG.replace("a: %s", part) % "settings" for part in ("a: x", f"a: x, {data}"))
    assert "… and 3 more lines" in Words(page(old, new)).text
