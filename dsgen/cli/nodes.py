"""The nodes that `--nodes` refers to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from click.types import StringParamType

from dsgen.cli.kubectl import listed
from dsgen.cli.shell import fail
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.scheduling.pools import is_pools, read_pools
from dsgen.problem import Problem

# Each DaemonSet is placed on each node: some seconds. A large cluster has some thousand nodes and a hundred DaemonSets.
MAX_PAIRS: Final = 10_000_000


class NodesOf(StringParamType):
    """A file of nodes, or a cluster; if it is missing, the message says what it can be."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what to pass."""
        return "Pass a file of node pools (`dsgen explain pools`), the output of `kubectl get nodes -o json`, or `kubectl` for a live cluster"


def known_nodes(name: str, root: Path, daemonsets: int) -> tuple[list[Node], list[Problem]]:
    """Return the nodes of a file (pools, or a list of nodes) or of a live cluster, and the problems of that file.

    `root` is the project folder, and `daemonsets` the number of DaemonSets to place on the nodes. Exits with 2 if there are too many.
    """
    file = listed(name, root, "nodes")
    nodes, problems = (read_pools if is_pools(file.text) else read_nodes)(file.text, file.name)
    if daemonsets * len(nodes) > MAX_PAIRS:
        most = MAX_PAIRS // len(nodes)
        fail(
            f"{daemonsets:,} DaemonSets on {len(nodes):,} nodes are too many: pass at most {most:,} at a time, or fewer nodes"
        )
    return nodes, problems
