"""The nodes that commands ask for by `--nodes`."""

from __future__ import annotations

from dsgen.cli.kubectl import listed
from dsgen.kubernetes.nodes import read_nodes
from dsgen.kubernetes.placement import Node
from dsgen.kubernetes.pools import is_pools, read_pools
from dsgen.problem import Problem


def known_nodes(name: str) -> tuple[list[Node], list[Problem]]:
    """Return the nodes in a file, of pools or as a cluster lists them, or of a live cluster; and what is wrong with it."""
    file = listed(name, "nodes")
    return (read_pools if is_pools(file.text) else read_nodes)(file.text, file.name)
