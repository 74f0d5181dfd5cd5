"""The configuration for Renovate in the documentation finds the images of profiles and environments, and what it writes generates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dsgen import source
from dsgen.project import shipped
from dsgen.tree import Map, Value, as_map

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/how-to/update-images.md").read_text("utf-8")
MANAGERS: list[dict[str, Any]] = json.loads(
    re.findall(r"```json title=\"renovate.json\"\n(.*?)```", PAGE, re.DOTALL)[0]
)["customManagers"]
DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def found(path: str, text: str) -> list[tuple[str, str, str]]:
    """Return the images that Renovate finds in a file: the name, the tag and the digest of each."""
    result = []
    for manager in MANAGERS:
        if any(re.search(pattern.strip("/"), path) for pattern in manager["managerFilePatterns"]):
            for pattern in manager["matchStrings"]:
                for match in re.finditer(pattern.replace("(?<", "(?P<"), text):
                    groups = match.groupdict()
                    result.append((groups["depName"], groups["currentValue"], groups.get("currentDigest") or ""))
    return result


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("image: a/b:1.2\n", ("a/b", "1.2", "")),
        ("image: a/b:1.2", ("a/b", "1.2", "")),
        ("image: &same a/b:1.2\n", ("a/b", "1.2", "")),
        ("image: a/b:1.2  # why\n", ("a/b", "1.2", "")),
        ('{image: "a/b:v1-x", env: {}}\n', ("a/b", "v1-x", "")),
        ("{image: a/b:1.2}\n", ("a/b", "1.2", "")),
        (f"image: 'r.example.com:5000/a/b:1.2@{DIGEST}'\n", ("r.example.com:5000/a/b", "1.2", DIGEST)),
        ("v: {image: {reference: a/b:1.2, pullPolicy: Always}}\n", ("a/b", "1.2", "")),
    ],
)
def test_each_way_to_write_an_image(text: str, image: tuple[str, str, str]) -> None:
    assert found("profiles/a.yaml", text) == [image]


@pytest.mark.parametrize("text", ["image: a/b\n", "image: $(IMAGE)\n", "image:\n  reference: null\n", "url: a/b:1.2\n"])
def test_what_has_no_tag_is_left_alone(text: str) -> None:
    assert found("profiles/a.yaml", text) == []


def test_a_digest_of_an_environment() -> None:
    text = f'images:\n  digests:\n    "r.example.com:5000/a:1.2": "{DIGEST}"\n'
    assert found("environments/prod.yaml", text) == [("r.example.com:5000/a", "1.2", DIGEST)]
    assert found("out/prod/a/daemonset-a.yaml", "image: a:1\n") == []


@pytest.mark.parametrize("name", shipped.profiles())
def test_every_image_of_the_presets(name: str) -> None:
    text = shipped.profiles()[name].read_text("utf-8")
    root, _ = source.read(text.encode(), name)
    assert {f"{image}:{tag}" for image, tag, _ in found(f"profiles/{name}.yaml", text)} == set(images(root))


def images(value: Value | None) -> Iterator[str]:
    """Yield each image of the containers of a profile."""
    for group in ("containers", "initContainers"):
        for container in as_map(value).map(group).values():
            if isinstance(container, Map) and "image" in container:
                yield str(container["image"])
