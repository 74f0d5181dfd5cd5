"""Commented-out entries are converted to the form of the profile, so that removing the `#` works there too."""

from __future__ import annotations

import re
from textwrap import dedent, indent

import pytest

from dsgen.problem import has_errors
from dsgen.resolve.file import File
from tests.factories import generator
from tests.importer.imports import daemonset, imports

MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      tolerations:
        - {key: a, operator: Exists}
TOLERATIONS
      containers:
        - name: agent
          image: x
          env:
            - name: A
              value: a
ENV
          ports:
            - {name: a, containerPort: 1}
PORTS
          volumeMounts:
            - {name: a, mountPath: /a}
MOUNTS
CONTAINERS
      volumes:
        - name: a
          hostPath: {path: /a}
VOLUMES
"""
COLUMNS = {"TOLERATIONS": 8, "ENV": 12, "PORTS": 12, "MOUNTS": 12, "CONTAINERS": 8, "VOLUMES": 8}


def written(place: str, comment: str) -> str:
    """Return the profile of a manifest with a comment at the end of a list."""
    lines = indent(dedent(comment).strip("\n"), " " * COLUMNS[place])
    text = re.sub("^([A-Z]+)\n", lambda match: f"{lines}\n" if match[1] == place else "", MANIFEST, flags=re.MULTILINE)
    outcome = imports(text)
    assert outcome.imported[0].same
    return outcome.text


CASES = [
    pytest.param("ENV", '# - name: B\n#   value: "1"', "      # B: 1", id="a variable"),
    pytest.param("ENV", '#- name: B\n#  value: ""', '      # B: ""', id="without a blank"),
    pytest.param("ENV", "# - name: B\n#   value: a  # why", "      # B: a  # why", id="with a comment of its own"),
    pytest.param(
        "ENV",
        "# - name: B\n#   valueFrom:\n#     fieldRef:\n#       fieldPath: spec.nodeName",
        "      # B: {fieldRef: spec.nodeName}",
        id="a source",
    ),
    pytest.param(
        "ENV",
        "# Why:\n# - name: B\n#   value: b\n# - name: C\n#   value: c\n# And so on.",
        "      # Why:\n      # B: b\n      # C: c\n      # And so on.",
        id="between words",
    ),
    pytest.param("PORTS", "# - name: b\n#   containerPort: 2\n#   protocol: UDP", "      # b: 2/UDP", id="a port"),
    pytest.param("MOUNTS", "# - name: a\n#   mountPath: /b\n#   readOnly: true", "      # /b: a:ro", id="a mount"),
    pytest.param("VOLUMES", "# - name: b\n#   hostPath:\n#     path: /b", "  # b: {hostPath: /b}", id="a volume"),
    pytest.param("TOLERATIONS", "# - key: b\n#   operator: Exists\n#   effect: NoSchedule", "    # - b:NoSchedule", id="a toleration"),
    pytest.param(
        "CONTAINERS",
        "# - name: b\n#   command: [c]\n#   image: z\n#   volumeMounts:\n#   - mountPath: /b\n#     name: a",
        "  # b:\n  #   image: z\n  #   command: [c]\n  #   mounts: {/b: a}",
        id="a container",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("place", "comment", "expected"), CASES)
def test_commented_out_entry_is_converted(place: str, comment: str, expected: str) -> None:
    text = written(place, comment)
    assert f"\n{expected}\n" in text
    if "# And" not in comment:
        at = text.index(f"\n{expected}\n") + 1
        stated = re.sub("(?m)^( *)# (?!Why)", r"\1", expected)
        file = File("x.yaml", f"{text[:at]}{stated}{text[at + len(expected) :]}".encode(), "x.yaml")
        assert not has_errors(generator().make(file).problems)


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# - see the manual", id="prose"),
        pytest.param("# - name: B\n#   vaule: b", id="an unknown field"),
        pytest.param("# - name: B\n#   value: true", id="not a string"),
        pytest.param("# - name: B\n#   value: [", id="broken"),
    ],
)
def test_other_comments_are_kept(comment: str) -> None:
    assert indent(comment, " " * 6) in written("ENV", comment)


def test_entries_of_a_list_that_is_not_converted() -> None:
    text = MANIFEST.replace("ENV", "            - name: A\n            # - name: B\n            #   value: b")
    outcome = imports(re.sub("^[A-Z]+\n", "", text, flags=re.MULTILINE))
    assert "\n      # - name: B\n      #   value: b\n" in outcome.text


def test_volumes_stay_in_the_list_if_one_is_commented_out() -> None:
    assert "volumes:\n  a: {hostPath: /a}\n  # b:" in written("VOLUMES", "# - name: b\n#   emptyDir: {}")
    assert "volumes:" not in written("VOLUMES", "# that is all")


def test_old_indentation_is_removed() -> None:
    text = MANIFEST.replace("ENV", "#          resources:\n#            limits: {cpu: 1}")
    text = imports(re.sub("^[A-Z]+\n", "", text, flags=re.MULTILINE)).text
    assert "\n    # resources:\n    #   limits: {cpu: 1}\n    ports:" in text


def test_entries_that_can_be_read_beside_one_that_cannot() -> None:
    given = daemonset(
        pod="""
            volumes:
              - name: log
                hostPath: {path: /var/log}
              # - name: a
              #   hostPath: {path: /a}
              # - name: b
              #   hostPath: {path: /a, path: /b}
        """,
        container="volumeMounts: [{name: log, mountPath: /var/log}]",
    )
    text = imports(given).text
    assert text.endswith("  # a: {hostPath: /a}\n  # - name: b\n  #   hostPath: {path: /a, path: /b}\n")
