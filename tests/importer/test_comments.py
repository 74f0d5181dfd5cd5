"""Comments stay at the values that they were at in the manifest, or move to the nearest ones that are left."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from tests.factories import generator
from tests.importer.imports import CORPUS, daemonset, imports, written

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


def test_positions_of_comments() -> None:
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
        # Nothing said.
        restartPolicy: Always
        # The end.
        """
    )


def test_a_default_with_a_comment_stays() -> None:
    """With what the comment says about it; commented-out fields say nothing about the next one."""
    text = daemonset(
        spec="""
            # one node at a time, on purpose
            updateStrategy:
              rollingUpdate:
                # never more than one
                maxUnavailable: 1  # agreed with the network team
            # revisionHistoryLimit: 5
            minReadySeconds: 0
        """,
        pod="""
            # dnsPolicy: Default
            restartPolicy: Always
        """,
    )
    outcome = imports(text)
    assert outcome.imported[0].same
    assert (
        "# one node at a time, on purpose\n# never more than one\nupdate: {maxUnavailable: 1}  # agreed with the network team\n"
        in outcome.text
    )
    assert "restartPolicy" not in outcome.text
    assert "minReadySeconds" not in outcome.text


def test_a_comment_on_a_label_is_at_the_selector() -> None:
    text = daemonset().replace(
        "labels: {app: agent}\n    spec", "labels:\n        app: agent  # do not change\n    spec"
    )
    assert "selector: {app: agent}  # do not change\n" in imports(text).text


def test_comments_of_a_list_that_goes_stay_outside_of_containers() -> None:
    text = daemonset(
        pod="""
            # edge nodes need this
            # tolerations:
            # - key: edge
            volumes:
              - name: log
                hostPath: {path: /var/log}
        """,
        container="volumeMounts: [{name: log, mountPath: /var/log}]",
    )
    assert "# edge nodes need this\n# tolerations:\n# - key: edge\ncontainers:\n" in imports(text).text


def test_a_licence_of_several_files_is_there_once() -> None:
    licence = "# Licensed under the Example License.\n\n"
    first, _ = given_objects((licence + daemonset(pod="serviceAccountName: agent")).encode(), "a.yaml")
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent}\n"
    for head, number in ((licence, 1), ("# Another one.\n\n", 2)):
        second, _ = given_objects((head + account).encode(), "b.yaml")
        (made,), problems = import_objects([*first, *second], generator(), "1.37")
        assert problems == []
        assert len(made.folded) == 1
        assert made.text.count("# Licensed under the Example License.\n") == 1
        assert made.text.partition("name:")[0].count("#") == number


def test_comments_of_another_object_in_the_file() -> None:
    other = "# Of the other.\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a # too\n# Below it.\n---\n"
    own = "# Of the agent.\n" + dedent(MANIFEST).partition("---\n")[2]
    text = imports(other + own).text
    assert "other" not in text
    assert "Below" not in text
    assert text.startswith("# Of the agent.\n# The agent of every node.\n")


def test_json_has_no_comments() -> None:
    text = '{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a#b"}, "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}]}}}}'
    assert " #" not in imports(text).text


def test_lines_end_as_in_yaml() -> None:
    text = dedent(MANIFEST).replace("\n", "\r\n").replace("its name", "its\u2028# name")
    assert "#" in imports(text).text
    assert imports(dedent(MANIFEST).replace("\n", "\r\n")).text == imports(MANIFEST).text


def placed(manifest: str) -> str:
    """Return the containers of a profile, imported from those of a manifest."""
    head = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: agent}}\n"
    pods = "  template:\n    metadata: {labels: {app: agent}}\n    spec:\n"
    outcome = imports(head + pods + indent(dedent(manifest), " " * 6))
    assert outcome.imported[0].same, outcome.problems
    return outcome.text.partition("containers:\n")[2]


def test_comment_of_the_next_entry_in_the_column_of_the_last_one() -> None:
    text = placed(
        """\
        containers:
        - image: x
          name: a
          livenessProbe:
            exec: {command: [/bin/healthy, --verbose, --every, part]}
            failureThreshold: 1
            periodSeconds: 7
            timeoutSeconds: 9
          # Only on some nodes.
        - image: x
          name: b
        """
    )
    assert text.endswith("      timeoutSeconds: 9\n  # Only on some nodes.\n  b: {image: x}\n")


def test_comment_at_the_end_of_the_block_with_its_column() -> None:
    text = placed(
        """\
        containers:
        - name: a
          image: x
          env:
          - name: A
            valueFrom:
              fieldRef:
                fieldPath: spec.nodeName
          #- name: B
          resources:
            limits:
              cpu: 1
            # No requests.
          # tty: true
        - name: b
          image: x
          securityContext:
            capabilities:
              add: [NET_ADMIN]
            # privileged: true
        """
    )
    assert text == (
        '  a:\n    image: x\n    env:\n      A: {fieldRef: spec.nodeName}\n      # B: ""\n    resources:\n      limits: {cpu: 1}\n'
        "      # No requests.\n    # tty: true\n  b:\n    image: x\n    securityContext:\n      capabilities: {add: [NET_ADMIN]}\n"
        "      # privileged: true\n"
    )


def test_commented_out_entry_in_another_column() -> None:
    text = placed(
        """\
        containers:
        - name: a
          image: x
          args:
            - --a
           #- --b
          env:
            - name: A
              value: a
          # - name: B
          #   value: b
          ports:
            - containerPort: 1
        """
    )
    assert "    args:\n      - --a\n      #- --b\n    env:\n      A: a\n      # B: b\n    ports: [1]\n" in text


def test_comment_on_a_key_that_the_short_form_omits() -> None:
    text = placed(
        """\
        containers:
        - name: a
          image: x
          livenessProbe:
            exec:
              # A workaround.
              command:
                - a
                - b
            periodSeconds: 20
          command:
            # The first.
            - a
            - b
          envFrom:
            - configMapRef:
                # The endpoint.
                name: a
                optional: true
        """
    )
    assert "    # The first.\n    command: [a, b]\n" in text
    assert "    livenessProbe:\n      # A workaround.\n      exec: [a, b]\n" in text
    assert "    # The endpoint.\n    envFrom: [{configMapRef: a, optional: true}]\n" in text


def test_comment_on_an_omitted_key_above_a_list_of_many_lines() -> None:
    long = "x" * 80
    text = placed(
        f"""\
        containers:
        - name: a
          image: x
          livenessProbe:
            exec:
              # A workaround.
              command:
                - {long}
        """
    )
    assert text.endswith(f"    livenessProbe:\n      # A workaround.\n      exec:\n        - {long}\n")


def test_comment_further_right_below_a_key() -> None:
    text = placed(
        """\
        containers:
        - name: a
          image: x
          #resources:
            #limits:
              #cpu: 1
        """
    )
    assert text == "  a:\n    image: x\n    #resources:\n      #limits:\n        #cpu: 1\n"


def test_comment_in_a_partly_commented_out_list() -> None:
    text = placed(
        """\
        containers:
        - name: a
          image: x
          args:
            # - --a
            - --b
        - name: b
          image: x
          resources:
            limits:
              cpu: 1
              # memory: 1Gi
        """
    )
    assert "    args:\n      # - --a\n      - --b\n" in text
    assert "    resources:\n      limits:\n        cpu: 1\n        # memory: 1Gi\n" in text


def test_comment_below_a_value_that_the_profile_omits() -> None:
    text = placed(
        """\
        containers:
          - name: a
            image: x
            args: [a, b]
        dnsPolicy: ClusterFirst
        # hostPID:
        #   true
        """
    )
    assert text == "  a:\n    image: x\n    args: [a, b]\n# hostPID:\n#   true\n"


FILES = ["antrea-io__antrea__build-yamls-antrea-ipsec", "kubernetes-csi__csi-driver-nfs__deploy-v3.0.0-csi-nfs-node"]


@pytest.mark.parametrize("where", ["above", "behind"])
@pytest.mark.parametrize("stem", FILES)
def test_no_comment_is_lost(stem: str, where: str) -> None:
    text = (
        (CORPUS / f"{stem}.yaml").read_text("utf-8").removeprefix("# Source: antrea/templates/agent/daemonset.yaml\n")
    )
    lines = text.rstrip("\n").split("\n")
    noted = []
    for number, line in enumerate(lines):
        column = len(line) - len(line.lstrip())
        noted += [f"{' ' * column}# no. {number}.", line] if where == "above" else [f"{line}  # no. {number}."]
    text = imports("\n".join(noted)).text
    assert [number for number in range(len(lines)) if f"# no. {number}." not in text] == []


def test_comment_after_a_name_moves_above_a_value_of_several_lines() -> None:
    mounts = "volumeMounts:\n  - name: log  # Why.\n    mountPath: /log\n    # readOnly: true"
    volumes = "volumes:\n  - name: log  # What.\n    hostPath:\n      path: /log\n      # type: Directory"
    text = imports(daemonset(volumes, mounts)).text
    assert "      # Why.\n      /log:\n" in text
    assert text.count("# What.") == text.count("# type: Directory") == text.count("# readOnly: true") == 1


def test_comments_inside_an_entry_that_becomes_one_text_stay_with_it() -> None:
    """Not with the next entry, of which they may be wrong."""
    pod = """
        tolerations:
          - key: dedicated  # the key
            operator: Exists
            effect: NoSchedule  # not NoExecute
          - operator: Exists
            effect: NoExecute
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions:
                    - key: example.com/zone
                      operator: Exists
                    - key: example.com/pool
                      operator: In
                      values:
                        - blue
                        # the new one
                        - green
                    - key: example.com/rack
                      operator: Exists
    """
    text = written(pod)
    assert "  tolerate:\n    # not NoExecute\n    - dedicated:NoSchedule  # the key\n    - all:NoExecute\n" in text
    assert (
        "    - example.com/zone\n    # the new one\n    - example.com/pool in (blue, green)\n    - example.com/rack\n"
        in text
    )


def test_comments_inside_a_rule_stay_with_it() -> None:
    role = """
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: agent, namespace: tools}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: agent}
        rules:
          - apiGroups: [apps]
            resources: [daemonsets]
            verbs: [get]
          - apiGroups: [""]
            resources:
              - pods  # their names
            verbs: [get]
          - apiGroups: [""]
            resources: [nodes]
            verbs: [get]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: agent}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
        subjects: [{kind: ServiceAccount, name: agent, namespace: tools}]
    """
    outcome = imports(daemonset("serviceAccountName: agent", metadata="namespace: tools") + dedent(role))
    assert outcome.imported[0].same
    assert "    - get daemonsets.apps\n    # their names\n    - get pods\n    - get nodes\n" in outcome.text


def test_above_a_config_map_is_about_that_alone() -> None:
    def config_map(name: str) -> str:
        return f"# For {name}.\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: x}}\n---\n"

    sources = "".join(f"- configMapRef: {{name: {name}}}\n" for name in ("one", "two"))
    manifest = daemonset(container=f"envFrom:\n{indent(sources, '  ')}")
    for names in (("one",), ("one", "two")):
        text = imports("".join(map(config_map, names)) + manifest).imported[0].text
        entries = "".join(f"  # For {name}.\n  {name}: {{data: {{a: x}}, onChange: none}}\n" for name in names)
        assert f"configMaps:\n{entries}" in text
