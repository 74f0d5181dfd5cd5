"""Images of an environment: digests first, then mirrors, wherever an object names one."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.kubernetes.schema.images import ImageReference, reference
from dsgen.plain import plain
from dsgen.resolve.images import Images
from tests.factories import made_in, plain_daemonset

DIGEST = f"sha256:{'0' * 64}"
OTHER = f"sha256:{'1' * 64}"


def rewritten(image: str, mirrors: dict[str, str] | None = None, digests: dict[str, str] | None = None) -> str:
    return (image, *Images(mirrors or {}, digests or {}).rewritten(image))[-1]


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("busybox", ("docker.io", "library/busybox", "", "")),
        ("busybox:1", ("docker.io", "library/busybox", "1", "")),
        ("prom/node-exporter:v1", ("docker.io", "prom/node-exporter", "v1", "")),
        ("index.docker.io/busybox", ("docker.io", "library/busybox", "", "")),
        ("localhost/a:1", ("localhost", "a", "1", "")),
        ("localhost:5000/a/b", ("localhost:5000", "a/b", "", "")),
        (f"quay.io/a:1@{DIGEST}", ("quay.io", "a", "1", DIGEST)),
        (f"a@{DIGEST}", ("docker.io", "library/a", "", DIGEST)),
        ("a b", None),
        ("Busybox", None),
        ("a@sha256:0", None),
        ("", None),
        ("0" * 64, None),
    ],
)
def test_parts_of_a_reference(image: str, parts: tuple[str, str, str, str] | None) -> None:
    assert reference(image) == (parts and ImageReference(*parts))


class TestMirrors:
    @pytest.mark.parametrize(
        ("mirrors", "image", "becomes"),
        [
            ({"docker.io": "m.io/hub"}, "busybox:1", "m.io/hub/library/busybox:1"),
            ({"docker.io": "m.io/hub"}, "busybox", "m.io/hub/library/busybox"),
            ({"docker.io": "m.io"}, "prom/node:1", "m.io/prom/node:1"),
            ({"docker.io": "m.io"}, "index.docker.io/prom/node:1", "m.io/prom/node:1"),
            ({"docker.io/library": "m.io"}, "busybox:1", "m.io/busybox:1"),
            ({"quay.io": "a.io", "quay.io/prom": "b.io", "quay.io/prom/x": "c.io"}, "quay.io/prom/y:1", "b.io/y:1"),
            ({"quay.io": "a.io", "quay.io/prom/node": "b.io/n"}, "quay.io/prom/node:1", "b.io/n:1"),
            ({"quay.io/prom": "m.io"}, "quay.io/prometheus/node:1", "quay.io/prometheus/node:1"),
            ({"quay.io": "m.io"}, f"quay.io/a:1@{DIGEST}", f"m.io/a:1@{DIGEST}"),
            ({"quay.io": "m.io"}, f"quay.io/a@{DIGEST}", f"m.io/a@{DIGEST}"),
            ({"localhost:5000": "m.io:443/x"}, "localhost:5000/a", "m.io:443/x/a"),
            ({"quay.io": "ghcr.io", "ghcr.io": "m.io"}, "quay.io/a:1", "ghcr.io/a:1"),
            ({"quay.io": "m.io"}, "docker.io/a:1", "docker.io/a:1"),
            ({"docker.io": "m.io"}, "not an image", "not an image"),
        ],
    )
    def test_table(self, mirrors: dict[str, str], image: str, becomes: str) -> None:
        assert rewritten(image, mirrors) == becomes


class TestDigests:
    @pytest.mark.parametrize(
        ("pin", "image", "becomes"),
        [
            ("docker.io/library/busybox:1", "docker.io/library/busybox:1", f"docker.io/library/busybox:1@{DIGEST}"),
            ("docker.io/library/busybox:1", "docker.io/library/busybox:1.0", "docker.io/library/busybox:1.0"),
            ("docker.io/library/busybox:latest", "busybox", f"busybox@{DIGEST}"),
            ("docker.io/library/busybox:1", "busybox:1", f"busybox:1@{DIGEST}"),
            ("docker.io/library/busybox:1", f"busybox:1@{OTHER}", f"busybox:1@{OTHER}"),
        ],
    )
    def test_table(self, pin: str, image: str, becomes: str) -> None:
        assert rewritten(image, digests={pin: DIGEST}) == becomes

    def test_the_digest_is_looked_up_first(self) -> None:
        found = rewritten("busybox:1", {"docker.io": "m.io"}, {"docker.io/library/busybox:1": DIGEST})
        assert found == f"m.io/library/busybox:1@{DIGEST}"


ENVIRONMENT = f"images: {{mirrors: {{docker.io: m.io}}, digests: {{'busybox:1': '{DIGEST}'}}}}\n"
PROFILE = """
name: agent
initContainers: {setup: {image: "busybox:1"}}
containers:
  agent:
    image: prom/agent:1
    mounts:
      /models: {image: {reference: "models:2"}}
volumes:
  rules: {image: {reference: "rules:3", pullPolicy: Always}}
manifest:
  spec: {template: {spec: {containers: [{name: late, image: "late:4"}]}}}
"""


def images(value: Any) -> list[str]:
    """Return everything that stands under `image` or `reference`, as text."""
    if isinstance(value, list):
        return [image for each in value for image in images(each)]
    if not isinstance(value, dict):
        return []
    own = [each for key, each in value.items() if key in ("image", "reference") and isinstance(each, str)]
    return own + [image for each in value.values() for image in images(each)]


def test_every_image_of_a_daemonset_is_rewritten() -> None:
    found = images(plain_daemonset(made_in(ENVIRONMENT, PROFILE)))
    assert sorted(found) == sorted(
        [
            f"m.io/library/busybox:1@{DIGEST}",
            "m.io/library/late:4",
            "m.io/library/models:2",
            "m.io/library/rules:3",
            "m.io/prom/agent:1",
        ]
    )


def test_what_the_images_are_is_told() -> None:
    assert sorted(made_in(ENVIRONMENT, PROFILE).images) == [
        "docker.io/library/busybox:1", "docker.io/library/late:4", "docker.io/library/models:2", "docker.io/library/rules:3",
        "docker.io/prom/agent:1",
    ]  # fmt: skip


JOB = """
apiVersion: batch.example.com/v1
kind: Job
metadata: {name: job}
spec: {template: {spec: {containers: [{name: a, image: "a:1"}, {name: b}]}}}
"""


def test_images_of_other_kinds_are_rewritten_too() -> None:
    profile = "name: agent\ntemplates: [job.yaml.j2]\ncontainers: {agent: {image: x}}\n"
    made = made_in(ENVIRONMENT, profile, templates={"job.yaml.j2": JOB})
    (job,) = [each for each in made.objects if each.kind == "Job"]
    assert images(plain(job.tree)) == ["m.io/library/a:1"]


def test_a_template_may_make_the_image() -> None:
    template = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {{ metadata }}
        spec:
          selector: {{ selector }}
          template:
            metadata: {{ template.metadata }}
            spec:
              containers:
                - name: agent
                  image: {{ values.registry }}/{{ containers[0].image }}
    """
    profile = "name: agent\nvalues: {registry: docker.io}\ncontainers: {agent: {image: 'busybox:1'}}\n"
    made = plain_daemonset(made_in(ENVIRONMENT, profile, templates={"daemonset.yaml.j2": template}))
    assert f"m.io/library/busybox:1@{DIGEST}" in images(made)
