"""The nodes that commands ask for by `--nodes`."""

from __future__ import annotations

from pathlib import Path

from dsgen.cli.kubectl import listed
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.scheduling.pools import is_pools, read_pools
from dsgen.problem import Problem


def known_nodes(name: str, root: Path) -> tuple[list[Node], list[Problem]]:
    """Return the nodes in a file, of pools or as a cluster lists them, or of a live cluster; and what is wrong with it.

    `root` is the folder of the project.
    """
    file = listed(name, root, "nodes")
    return (read_pools if is_pools(file.text) else read_nodes)(file.text, file.name)
