"""What a cluster itself answers when objects are applied to it: a dry run, which admission plugins and webhooks take part in."""

from __future__ import annotations

import json
from typing import Final

from dsgen.cli.input_objects import InputObjects, objects_in
from dsgen.cli.kubectl import dry_run
from dsgen.cli.progress import counted
from dsgen.diff.compare import FIELD_CONFLICT
from dsgen.diff.key import key_of
from dsgen.kubernetes.lint import CLIENT_SIDE
from dsgen.plain import plain
from dsgen.problem import Problem, code
from dsgen.resolve.file import File
from dsgen.tree import Map, origin_of

REJECTED = code(
    "invalid-for-cluster",
    """A dry run in the cluster fails: the API server, an admission plugin or a webhook rejects the object. `dsgen diff --server` shows what it says.""",
)

_CONFLICT: Final = "Apply failed with "


def as_the_cluster_stores(cluster: str, found: InputObjects, how: str) -> tuple[InputObjects, list[Problem]]:
    """Return objects as a cluster would store them, those that it rejects among the refused ones, and the conflicts of server-side apply.

    `how` is how objects are applied: `client-side`, or else server-side. What is in a namespace that is only created with it stays as it is.
    """
    objects, refused, conflicts = [], list(found.refused), list[Problem]()
    created = {key.name for each in found.objects if (key := key_of(each.root)) and key.kind == "Namespace"}
    for each in counted(found.objects, len(found.objects), "objects"):
        text, key = json.dumps(plain(each.root)), key_of(each.root)
        stored, said = dry_run(cluster, text, how != CLIENT_SIDE)
        if how != CLIENT_SIDE and _CONFLICT in said:
            # What kubectl says after that is how to go on.
            found_out = " ".join(said.partition(_CONFLICT)[2].partition("\nPlease ")[0].split())
            place = origin_of(each.root.map("metadata").get("name"))
            conflicts.append(FIELD_CONFLICT.at(place, f"{key}: {found_out}"))
            stored, said = dry_run(cluster, text, True, force=True)
        root = each.root if said else _only(stored, cluster, each.minor)
        if key and said == _no_namespace(key.namespace) and key.namespace in created:
            root, said = each.root, ""
        if said or root is None:
            wrong = REJECTED.at(origin_of(each.root.get("kind")), said or "unexpected output of kubectl")
            refused.append((each.root, [wrong]))
        else:
            objects.append(each._replace(root=root))
    return found._replace(objects=objects, refused=refused), conflicts


def _only(text: bytes, cluster: str, minor: str) -> Map | None:
    """Return the object in the output of kubectl."""
    found = objects_in(File(cluster, text, cluster), minor)
    roots = [*(each.root for each in found.objects), *(root for root, _ in found.refused)]
    return roots[0] if len(roots) == 1 else None


def _no_namespace(name: str) -> str:
    return f'Error from server (NotFound): namespaces "{name}" not found'
