"""What a project knows of the clusters that its objects are for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dsgen.kubernetes.lint import Checks
from dsgen.problem import Problem
from dsgen.project.crds import definitions, policies
from dsgen.project.project import Project
from dsgen.resolve.environment import Environment


def of_cluster(
    project: Project, crds: Sequence[str] = (), own: Sequence[str] = (), given: Iterable[Path] = ()
) -> Checks:
    """Return the checks of a project with all that it knows of a cluster.

    `crds` and `own` are the files with definitions and policies of an environment, `given` those of a run.
    """
    given = list(given)
    return project.checks._replace(
        definitions=definitions(project.root, project.crds, crds, given),
        policies=policies(project.root, project.policies, own, given),
    )


def problems_of_policies(
    project: Project, environments: Iterable[Environment | None], minor: str | None
) -> list[Problem]:
    """Return what is wrong with the policies themselves that the keys `policies` name."""
    found: list[Problem] = []
    for environment in environments:
        own = environment.policies if environment else ()
        known = policies(project.root, project.policies, own)
        if known:
            used = environment.kubernetes if environment else minor or project.kubernetes
            found += known.of_files(used)
    return list(dict.fromkeys(found))
