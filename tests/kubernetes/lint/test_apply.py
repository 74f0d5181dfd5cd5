"""What server-side and client-side apply refuse. What the first says was asked of Kubernetes' own code: `python -m conformance.apply`."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE, Checks
from dsgen.kubernetes.lint.apply import LIMIT, last_applied_size
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.stream import validate_stream
from dsgen.problem import Problem
from tests.kubernetes.manifests import daemonset

CONTAINERS = "containers[0]"
ACCOUNT = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, secrets: [%s]}"


def found(text: str, how: str = "", minor: str = "1.37") -> list[Problem]:
    return validate_and_lint(read_first(text).root, minor, Checks(how))


def said(text: str, how: str = "", minor: str = "1.37") -> list[str]:
    return [
        f"{each.severity} {each.code} {each.field.removeprefix('spec.template.spec.')}"
        for each in found(text, how, minor)
    ]


def container(part: str) -> str:
    return f"initContainers: [{{name: a, image: 'i:1', {part}}}]"


# The pod, the entry that is one too many, and the code of the server's own warning, if it has one.
DUPLICATES = [
    (container("env: [{name: A, value: x}, {name: A, value: z}]"), "initContainers[0].env[1]", "duplicate-env-name"),
    (container("env: [{name: A, value: x}, {name: A, value: $(A) z}]"), "initContainers[0].env[1]", ""),
    (container("ports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]"), "initContainers[0].ports[1]", "duplicate-port"),
    (container("ports: [{containerPort: 1, hostPort: 1}, {containerPort: 1}]"), "initContainers[0].ports[1]", "overlapping-port"),
    ("imagePullSecrets: [{name: a}, {name: b}, {name: a}]", "imagePullSecrets[2]", "duplicate-pull-secret"),
    ("hostAliases: [{ip: 1.1.1.1, hostnames: [a]}, {ip: 1.1.1.1, hostnames: [b]}]", "hostAliases[1]", "duplicate-host-alias"),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "field", "warned"), DUPLICATES)
class TestDuplicates:
    def test_nobody_says_how_it_is_applied(self, pod: str, field: str, warned: str) -> None:
        """One warning; it takes the place of the server's own."""
        assert said(daemonset(pod=pod)) == [f"warning duplicate-entry {field}"]

    def test_server_side(self, pod: str, field: str, warned: str) -> None:
        assert said(daemonset(pod=pod), SERVER_SIDE) == [f"error duplicate-entry-refused {field}"]

    def test_client_side(self, pod: str, field: str, warned: str) -> None:
        codes = [each.code for each in found(daemonset(pod=pod), CLIENT_SIDE)]
        assert codes == [warned] * bool(warned)


def test_who_refuses_it() -> None:
    (unsaid,) = found(daemonset(pod=DUPLICATES[0][0]))
    (server_side,) = found(daemonset(pod=DUPLICATES[0][0]), SERVER_SIDE)
    assert server_side.message == "`name: A` is a duplicate in this list: server-side apply rejects the object"
    for name in ("Flux", "Helm 4", "`kubectl apply --server-side`", "Argo CD with ServerSideApply=true"):
        assert name in unsaid.message


@pytest.mark.parametrize(
    ("part", "accepted"),
    [
        # Another key, or no list that is merged by keys.
        (container("ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]"), True),
        (container("env: [{name: A, value: x}, {name: a, value: x}]"), True),
        (container("args: [a, a]"), True),
        ("tolerations: [{key: a, operator: Exists}, {key: a, operator: Exists}]", True),
        ("hostAliases: [{ip: 1.1.1.1, hostnames: [a, a]}]", True),
        (container("env: [{name: A, value: x}]") + ", hostAliases: []", True),
    ],
)
def test_no_duplicates(part: str, accepted: bool) -> None:
    assert said(daemonset(pod=part), SERVER_SIDE) == []


@pytest.mark.parametrize(
    "pod",
    [
        "volumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]",
        container("volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /a}]") + ", volumes: [{name: a, emptyDir: {}}]",
        "initContainers: [{name: a, image: i}, {name: a, image: i}]",
        "hostAliases: [{hostnames: [a]}, {hostnames: [b]}]",
    ],
)  # fmt: skip
def test_what_the_server_refuses_anyway_is_told_once(pod: str) -> None:
    """The server refuses a second volume, mount or container of one name, however it is applied."""
    codes = {each.code for each in found(daemonset(pod=pod), SERVER_SIDE)}
    assert codes
    assert "duplicate-entry-refused" not in codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (daemonset("name: agent, finalizers: [a.b/c, a.b/c]"), ["metadata.finalizers[1]"]),
        (daemonset("name: agent, ownerReferences: [%s, %s]" % (("{apiVersion: v1, kind: A, name: a, uid: x}",) * 2)), ["metadata.ownerReferences[1]"]),
        (daemonset(template="labels: {app: agent}, finalizers: [a.b/c, a.b/c]"), ["spec.template.metadata.finalizers[1]"]),
        (ACCOUNT % "{name: a}, {name: a}", ["secrets[1]"]),
        (ACCOUNT % "{name: a}, {namespace: b}", ["secrets[1]"]),
        (ACCOUNT % "{name: a}, null", ["secrets[1]"]),
        (ACCOUNT % "{name: a}, {name: b}", []),
        ("{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, imagePullSecrets: [{name: a}, {name: a}]}", []),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1, name: a}, {port: 1, name: b, protocol: UDP}]}}", []),
    ],
)  # fmt: skip
def test_other_lists(text: str, expected: list[str]) -> None:
    refused = [each.field for each in found(text, SERVER_SIDE) if each.code == "duplicate-entry-refused"]
    assert refused == expected


def test_a_null_among_pull_secrets() -> None:
    (problem, *_) = [
        each for each in found(daemonset(pod="imagePullSecrets: [{name: a}, null]")) if "entry" in each.code
    ]
    assert problem.message.startswith("null in a list that is merged by keys: server-side apply rejects the object")


def test_fields_of_the_version() -> None:
    """What a version does not have, it does not merge."""
    pod = (
        container("volumeMounts: [{name: v, mountPath: /a, bindMountOptions: [noexec, noexec]}]")
        + ", volumes: [{name: v, emptyDir: {}}]"
    )
    assert "duplicate-entry" in {each.code for each in found(daemonset(pod=pod))}
    assert "duplicate-entry" not in {each.code for each in found(daemonset(pod=pod), minor="1.36")}


@pytest.mark.parametrize("minor", fields.MINORS)
def test_the_keys_of_every_version(minor: str) -> None:
    keys = fields.load(minor).keys
    assert keys["Container"]["ports"] == ["containerPort", "protocol"]
    assert keys["ObjectMeta"]["finalizers"] == []
    assert "tolerations" not in keys["PodSpec"]


def config_map(size: int, more: str = "") -> str:
    """Return a config map of which `kubectl apply` keeps `size` bytes in its annotation."""
    frame = '{"apiVersion":"v1","data":{"a":"%s"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"agent"}}\n'
    written = frame % ("x" * (size - len(frame) + 2))
    assert len(written) == size
    return written.replace('"annotations":{}', f'"annotations":{{{more}}}')


class TestSize:
    """Of its annotations, keys and values, an object may have 262144 bytes together (ValidateAnnotationsSize in apimachinery)."""

    KEY = len("kubectl.kubernetes.io/last-applied-configuration")

    @pytest.mark.parametrize(
        ("how", "expected"),
        [
            ("", ["warning too-large-object data.a"]),
            (CLIENT_SIDE, ["error too-large-object-refused data.a"]),
            (SERVER_SIDE, []),
        ],
    )
    def test_one_byte_too_many(self, how: str, expected: list[str]) -> None:
        assert said(config_map(LIMIT - self.KEY + 1), how) == expected
        assert said(config_map(LIMIT - self.KEY), how) == []

    def test_other_annotations_count(self) -> None:
        assert said(config_map(LIMIT - self.KEY - 20, '"a.b/c":"0123456789"')) == ["warning too-large-object data.a"]
        assert said(config_map(LIMIT - self.KEY - 100, '"a.b/c":"0123456789"')) == []

    def test_what_was_applied_before_does_not(self) -> None:
        old = '"kubectl.kubernetes.io/last-applied-configuration":"%s"' % ("x" * 1000)
        assert said(config_map(LIMIT - self.KEY, old)) == []

    @pytest.mark.parametrize(
        ("text", "bytes"), [("x", 1), ("é", 2), ("漢", 3), ("😀", 4), ("<", 6), (">", 6), ("&", 6), ("\u2028", 6), ("\x01", 6), ("\n", 2), ('"', 2), ("\\", 2), ("\x7f", 1)]
    )  # fmt: skip
    def test_bytes_of_a_character(self, text: str, bytes: int) -> None:
        """As `kubectl create configmap --save-config` writes them into the annotation."""

        def size(value: str) -> int:
            root: Any = read_first("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: ''}}").root
            root["data"]["a"] = value
            return last_applied_size(root)

        assert size(text) - size("") == bytes

    def test_the_sum_of_many(self) -> None:
        """Where no part is the half of it, the place is that of them all."""
        data = ", ".join(f"k{index}: {'x' * 30_000}" for index in range(10))
        text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{{data}}}}}"
        assert said(text) == ["warning too-large-object data"]

    def test_a_character_of_an_annotation_counts_twice(self) -> None:
        """In the JSON of the object, where `<` takes six bytes, and in its annotation."""
        note = "'a.b/c': '" + "<" * 40_000 + "'"
        text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a, annotations: {{{note}}}}}}}"
        (problem,) = validate_stream(text, "").problems
        assert (problem.code, problem.field) == ("too-large-object", "metadata.annotations[a.b/c]")

    def test_a_short_text_with_aliases(self) -> None:
        more = ", ".join(f"k{index}: *long" for index in range(30))
        text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{k: &long {'x' * 10_000}, {more}}}}}"
        (problem,) = validate_stream(text, "").problems
        assert (problem.code, problem.field) == ("too-large-object", "data")

    def test_each_document_by_itself(self) -> None:
        large = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: b}}\ndata: {{a: {'x' * LIMIT}}}\n"
        small = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        for text, line in ((f"{small}---\n{large}", 8), (f"{large}---\n{small}", 4)):
            (problem,) = validate_stream(text, "").problems
            assert (problem.code, problem.line) == ("too-large-object", line)

    def test_any_object(self) -> None:
        env = ", ".join(f"{{name: A{index}, value: {'x' * 30_000}}}" for index in range(10))
        assert said(daemonset(pod=container(f"env: [{env}]"))) == ["warning too-large-object initContainers[0].env"]


# A problem, and the manifest in which its hint was followed.
REMEDIES = [
    (container("env: [{name: A, value: x}, {name: A, value: z}]"), "remove the duplicate", container("env: [{name: A, value: z}]")),
    (container("env: [{name: OPTS, value: -v}, {name: OPTS, value: $(OPTS) -x}]"), "write it once: `-v -x`", container("env: [{name: OPTS, value: -v -x}]")),
    (container("ports: [{containerPort: 1, name: a}, {containerPort: 1, name: b}]"), "remove the duplicate", container("ports: [{containerPort: 1, name: a}]")),
    ("hostAliases: [{ip: 1.1.1.1, hostnames: [a]}, {ip: 1.1.1.1, hostnames: [b]}]", "move the `hostnames` of both", "hostAliases: [{ip: 1.1.1.1, hostnames: [a, b]}]"),
    ("imagePullSecrets: [{name: a}, {name: a}]", "remove the duplicate", "imagePullSecrets: [{name: a}]"),
    ("imagePullSecrets: [{name: a}, null]", "remove it", "imagePullSecrets: [{name: a}]"),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "hint", "right"), REMEDIES)
@pytest.mark.parametrize("how", ["", SERVER_SIDE])
def test_the_hint_leaves_no_problem(pod: str, hint: str, right: str, how: str) -> None:
    hints = [each.hint for each in found(daemonset(pod=pod), how) if each.code.startswith("duplicate-entry")]
    assert [each.startswith(hint) for each in hints] == [True]
    assert said(daemonset(pod=right), how) == []


@pytest.mark.parametrize("metadata", ["x" * 300_000, f"{{name: a, annotations: {'x' * 300_000}}}"])
def test_the_size_of_what_is_no_map(metadata: str) -> None:
    """It is refused, and is no reason to end."""
    problems = found(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n")
    assert "invalid-field-type" in {problem.code for problem in problems}
