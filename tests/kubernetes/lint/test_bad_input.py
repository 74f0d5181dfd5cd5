"""Whatever stands in a manifest: what dsgen adds to the verdict is said without a traceback."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE, Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first

CONTAINER = {
    "name": "a",
    "image": "i",
    "env": [{"name": "A", "value": "x"}, {"name": "A", "value": "$(A) z"}],
    "ports": [{"containerPort": 1}, {"containerPort": 1, "name": "a"}],
    "resources": {"requests": {"memory": 128}, "limits": {"memory": "512k"}},
    "securityContext": {"capabilities": {"add": ["CAP_NET_ADMIN"]}, "privileged": True, "sysctls": []},
}
TERM = {"matchExpressions": [{"key": "kubernetes.io/os", "operator": "In", "values": ["Windows"]}]}
DAEMONSET: Any = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent", "finalizers": ["a.b/c", "a.b/c"], "ownerReferences": [{"uid": "x"}]},
    "spec": {
        "selector": {"matchLabels": {"app": "agent"}},
        "template": {
            "metadata": {"labels": {"app": "agent"}},
            "spec": {
                "nodeSelector": {"kubernetes.io/os": "windows", "kubernetes.io/arch": "x86_64"},
                "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [TERM]}}},
                "imagePullSecrets": [{"name": "a"}, {"name": "a"}],
                "hostAliases": [{"ip": "1.1.1.1", "hostnames": ["a"]}, {"ip": "1.1.1.1", "hostnames": ["b"]}],
                "containers": [CONTAINER],
                "volumes": [{"name": "v", "emptyDir": {"sizeLimit": 64}}, {"name": "w", "image": {"reference": "i"}}],
            },
        },
    },
}  # fmt: skip
ODD: Any = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "MANY",
        [],
        {},
        [None],
        [[]],
        [{}],
        {"": None},
        {"name": {}},
        {"a": []},
    ]
)


def paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for step, child in below for path in paths(child, (*above, step)))]


def replace(tree: Any, path: tuple[Any, ...], odd: Any) -> None:
    """Put something odd at a place, unless an earlier change took that away."""
    try:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = odd
    except (TypeError, LookupError):
        return


@given(
    st.lists(st.tuples(st.sampled_from(paths(DAEMONSET)[1:]), ODD), min_size=1, max_size=3),
    st.sampled_from(["", CLIENT_SIDE, SERVER_SIDE]),
)
def test_no_traceback(changes: list[tuple[tuple[Any, ...], Any]], how: str) -> None:
    tree: Any = deepcopy(DAEMONSET)
    for path, odd in changes:
        replace(tree, path, "é" * 300_000 if odd == "MANY" else deepcopy(odd))
    for problem in validate_and_lint(read_first(json.dumps(tree)).root, checks=Checks(how, "warning")):
        assert problem.message
        assert problem.line
