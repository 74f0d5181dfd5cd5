"""Many mounts: each is looked up, and none compared with all others."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dsgen.plain import frozen, plain
from dsgen.resolve import mounts
from dsgen.tree import Value
from tests.factories import pod
from tests.profile.layers import layer

MANY = 200


def volumes(text: str) -> list[str]:
    return [volume["name"] for volume in pod(text)["volumes"]]


def test_a_source_is_looked_up_once_or_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    kind = mounts._kind

    def counted(volume: Mapping[str, Value]) -> object:
        calls.append(volume)
        return kind(volume)

    monkeypatch.setattr(mounts, "_kind", counted)
    stated = ", ".join(f"/a/{number}: {{hostPath: /x/{number}}}" for number in range(MANY))
    assert len(volumes(f"name: a\ncontainers: {{a: {{image: x, mounts: {{{stated}}}}}}}\n")) == MANY
    assert len(calls) <= 4 * MANY


def test_mounts_of_one_source_share_a_volume() -> None:
    mounted = (
        "mounts: {/a: {hostPath: /x}, /b: {hostPath: /x}, /c: {emptyDir: {}}, /d: {emptyDir: {}}, /e: {hostPath: /y}}"
    )
    text = f"name: a\ncontainers: {{a: {{image: x, {mounted}}}}}\nvolumes: {{mine: {{hostPath: /y}}}}\n"
    assert volumes(text) == ["mine", "x", "c", "d"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("{a: [1, {b: c}], d: null}", "{d: null, a: [1, {b: c}]}", True),
        ("{a: [1, 2]}", "{a: [2, 1]}", False),
        ("{a: []}", "{a: {}}", False),
        ("{a: '1'}", "{a: '2'}", False),
        ("{a: null}", "{}", False),
    ],
)
def test_a_key_is_the_same_where_the_data_are(one: str, other: str, same: bool) -> None:
    first, second = layer(one), layer(other)
    assert (frozen(first) == frozen(second)) == (plain(first) == plain(second)) == same
