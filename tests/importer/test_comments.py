"""Comments: at what they stood at in the manifest, or at what is left of its surroundings."""

from __future__ import annotations

from textwrap import dedent

from tests.importer.imports import imports

MANIFEST = """\
    # Who made this, and when.

    ---
    # Source: chart/templates/daemonset.yaml
    # The agent of every node.
    apiVersion: apps/v1  # for Kubernetes 1.9 and above
    kind: DaemonSet
    metadata:
      name: agent # its name
      labels:
        # Found by the dashboards.
        app: agent
        tier: node # all of them
    # What runs.
    spec:
      selector: {matchLabels: {app: agent}}
      template:
        metadata:
          labels: {app: agent}
        spec:
          hostPID: true
          # Nothing said.
          restartPolicy: Always
          containers:
            # The only one.
            - name: agent
              image: example.com/agent:1.0 # pinned
              args:
                - --a # not a comment: "#"
                - "--b # text"
                # - --c
              env:
                # - name: A
                #   value: "1"
                - name: B
                  # For the tests.
                  value: "#b" # why
                # - name: C
                #   value: "3"
              # The volumes.
              volumeMounts:
                - name: log
                  mountPath: /log # read by all
          volumes:
            # Where the logs are.
            - name: log
              hostPath:
                path: /var/log
                # - type: Directory
    # The end.
"""


def test_where_they_stand() -> None:
    outcome = imports(MANIFEST)
    assert outcome.imported[0].same
    assert outcome.text == dedent(
        """\
        # Who made this, and when.
        # The agent of every node.
        # for Kubernetes 1.9 and above
        name: agent  # its name
        labels:
          # Found by the dashboards.
          app: agent
          tier: node  # all of them
        standardLabels: false
        # What runs.
        selector: [app]
        # Nothing said.
        containers:
          # The only one.
          agent:
            image: example.com/agent:1.0  # pinned
            args:
              - --a  # not a comment: "#"
              - "--b # text"
              # - --c
            env:
              # A: 1
              # For the tests.
              B: "#b"  # why
              # C: 3
            # The volumes.
            mounts:
              # Where the logs are.
              /log: {name: log, hostPath: /var/log}  # read by all
              # - type: Directory
        hostPID: true
        # The end.
        """
    )


def test_of_another_object_of_the_file() -> None:
    other = "# Of the other.\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a # too\n# Below it.\n---\n"
    own = "# Of the agent.\n" + dedent(MANIFEST).partition("---\n")[2]
    text = imports(other + own).text
    assert "other" not in text
    assert "Below" not in text
    assert text.startswith("# Of the agent.\n# The agent of every node.\n")


def test_none_where_a_document_is_printed_as_json() -> None:
    text = '{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a#b"}, "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}]}}}}'
    assert " #" not in imports(text).text


def test_lines_end_where_yaml_ends_them() -> None:
    text = dedent(MANIFEST).replace("\n", "\r\n").replace("its name", "its\u2028# name")
    assert "#" in imports(text).text
    assert imports(dedent(MANIFEST).replace("\n", "\r\n")).text == imports(MANIFEST).text
