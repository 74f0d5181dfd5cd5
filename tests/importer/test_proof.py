"""What tells an object that was made from the one that was imported."""

from __future__ import annotations

import pytest

from dsgen.importer.prove import Prover
from dsgen.importer.read.objects import given_objects
from dsgen.kubernetes.manifest import read_first
from tests.factories import generator
from tests.importer.imports import daemonset, written


def unlike(given: str, made: str) -> list[tuple[str, str]]:
    """Return the fields in which an object that was made differs from the given one, and what is said of each."""
    ((only,), problems) = given_objects(given.encode(), "given.yaml")
    assert not problems
    found = Prover(generator(), "1.36").unlike(only, read_first(made).root)
    assert found is not None
    return [(each.field, each.message) for each in found]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        pytest.param({"metadata": "labels: {a: ''}"}, "metadata.labels", id="label"),
        pytest.param({"pod": "nodeSelector: {a: ''}"}, "spec.template.spec.nodeSelector", id="node selector"),
    ],
)
def test_an_empty_text_is_missed_where_it_counts(parts: dict[str, str], field: str) -> None:
    assert unlike(daemonset(**parts), daemonset()) == [
        (field, 'is {"a": ""} in the manifest, but unset in the generated object')
    ]


def test_an_empty_text_is_not_missed_where_it_means_nothing() -> None:
    assert "hostname" not in written("hostname: ''")


def test_entries_of_lists_are_told_apart_by_their_names() -> None:
    env = "env: [{name: A, value: a}, {name: B, value: b}]"
    found = unlike(daemonset(container=env), daemonset(container=env.replace("value: b", "value: c")))
    assert found == [
        ("spec.template.spec.containers[0].env[1].value", 'is "b" in the manifest, but "c" in the generated object')
    ]


def test_the_order_of_a_list_counts() -> None:
    found = unlike(
        daemonset(container="env: [{name: A}, {name: B}]"), daemonset(container="env: [{name: B}, {name: A}]")
    )
    assert found == [
        (
            "spec.template.spec.containers[0].env",
            'is ["A", "B"] in the manifest, but ["B", "A"] in the generated object',
        )
    ]


def test_a_namespace_is_no_part_of_the_normal_form_but_of_the_proof() -> None:
    found = unlike(daemonset(metadata="namespace: a"), daemonset(metadata="namespace: b"))
    assert found == [("metadata.namespace", 'is "a" in the manifest, but "b" in the generated object')]


def test_what_is_as_good_as_the_default_does_not_differ() -> None:
    assert unlike(daemonset(pod="hostNetwork: false\nrestartPolicy: Always"), daemonset()) == []
