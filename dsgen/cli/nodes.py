"""The nodes that commands ask for by `--nodes`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dsgen.cli.kubectl import listed
from dsgen.cli.shell import fail
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.scheduling.pools import is_pools, read_pools
from dsgen.problem import Problem

# For each DaemonSet each node is looked at: some seconds. A large cluster has some thousand nodes and a hundred DaemonSets.
MAX_PAIRS: Final = 10_000_000


def known_nodes(name: str, root: Path, daemonsets: int) -> tuple[list[Node], list[Problem]]:
    """Return the nodes in a file, of pools or as a cluster lists them, or of a live cluster; and what is wrong with it.

    `root` is the folder of the project, and `daemonsets` how many are to be placed on the nodes. Ends with 2 where these are too many.
    """
    file = listed(name, root, "nodes")
    nodes, problems = (read_pools if is_pools(file.text) else read_nodes)(file.text, file.name)
    if daemonsets * len(nodes) > MAX_PAIRS:
        most = MAX_PAIRS // len(nodes)
        fail(
            f"{daemonsets:,} DaemonSets on {len(nodes):,} nodes are too many: give at most {most:,} at a time, or fewer nodes"
        )
    return nodes, problems
