"""Environment variables: their names, and the places that their values come from."""

from dsgen.kubernetes.validation import env, env_from, file_key_ref
from tests.kubernetes.examples import Example, checks, container, fill

NAME = container("env: [{name: %s, value: a}]")
FROM = container("env: [{name: A, valueFrom: %s}]")
FIELD = container("env: [{name: A, valueFrom: {fieldRef: {fieldPath: %s}}}]")
RESOURCE = container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: %s}}}]")
CPU = container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: %s}}}]")
MEMORY = container("env: [{name: A, valueFrom: {resourceFieldRef: {resource: requests.memory, divisor: %s}}}]")
KEY_REF = container("env: [{name: A, valueFrom: {configMapKeyRef: {%s}}}]")
SECRET = container("env: [{name: A, valueFrom: {secretKeyRef: {%s}}}]")
FILE = "volumes: [{name: v, emptyDir: {}}, {name: host, hostPath: {path: /a}}]\n" + container(
    "env: [{name: A, valueFrom: {fileKeyRef: {%s}}}]"
)
ENV_FROM = container("envFrom: [{%s}]")
TWICE = container("env: [{name: A, value: a}, {name: A, %s}]")

EXAMPLES = (
    Example(
        "missing-env-name",
        "Required containers[0].env[0].name",
        (*fill(NAME, "''", "null"), container("env: [{value: a}]")),
        fill(NAME, "A"),
    ),
    Example(
        "invalid-env-name",
        "Invalid containers[0].env[0].name",
        fill(NAME, "A=B", "é", '"\\t"', '"A\\n"'),
        fill(NAME, "A", "'1'", "' '", "a.b-c", "'..'", "A" * 300, "'~'", '"!#$%&()*+,-./:;<>?@[]^_`{|}"'),
    ),
    Example(
        "missing-env-source",
        "Invalid containers[0].env[0].valueFrom",
        fill(FROM, "{}", "{fieldRef: null}"),
        fill(FROM, "null"),
    ),
    Example(
        "conflicting-env-value",
        "Invalid containers[0].env[0].valueFrom",
        (container("env: [{name: A, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),),
        (container("env: [{name: A, value: '', valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),),
    ),
    Example(
        "conflicting-env-sources",
        "Invalid containers[0].env[0].valueFrom",
        fill(FROM, "{fieldRef: {fieldPath: metadata.name}, secretKeyRef: {name: a, key: b}}"),
        fill(FROM, "{fieldRef: {fieldPath: metadata.name}, secretKeyRef: null}"),
    ),
    # With a value beside them, two sources are not even counted.
    Example(
        "conflicting-env-value",
        "Invalid containers[0].env[0].valueFrom",
        (
            container(
                "env: [{name: A, value: a, valueFrom: "
                "{fieldRef: {fieldPath: metadata.name}, resourceFieldRef: {resource: limits.cpu}}}]"
            ),
        ),
    ),
    Example(
        "invalid-env-field-path",
        "Required containers[0].env[0].valueFrom.fieldRef.fieldPath",
        (*fill(FIELD, "''"), *fill(FROM, "{fieldRef: {}}")),
        fill(FIELD, "metadata.name"),
    ),
    Example(
        "invalid-env-field-path",
        "Invalid containers[0].env[0].valueFrom.fieldRef.fieldPath",
        fill(
            FIELD,
            *("metadata", "metadata.Name", "spec.hostNetwork", "\"metadata.name['a']\"", "\"metadata.labels['a'\""),
            *("\"['a']\"", "'metadata.labels[a]'"),
        ),
        fill(
            FIELD,
            *("metadata.namespace", "metadata.uid", "spec.nodeName", "spec.host", "spec.serviceAccountName"),
            *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
        ),
    ),
    Example(
        "invalid-env-field-path",
        "NotSupported containers[0].env[0].valueFrom.fieldRef.fieldPath",
        fill(
            FIELD, "metadata.labels", "metadata.annotations", "spec.restartPolicy", "spec.schedulerName", "status.phase"
        ),
    ),
    Example(
        "invalid-env-field-path",
        "Invalid containers[0].env[0].valueFrom.fieldRef.fieldPath",
        fill(FROM, "{fieldRef: {fieldPath: metadata.name, apiVersion: v2}}"),
        fill(
            FROM,
            "{fieldRef: {fieldPath: metadata.name, apiVersion: v1}}",
            "{fieldRef: {fieldPath: metadata.name, apiVersion: ''}}",
        ),
    ),
    Example(
        "invalid-env-field-subscript",
        "Invalid containers[0].env[0].valueFrom.fieldRef",
        fill(
            FIELD,
            *("\"metadata.labels['']\"", "\"metadata.labels['a b']\"", f"\"metadata.labels['{'a' * 64}']\""),
            *("\"metadata.annotations['a/b/c']\"", "\"metadata.labels['A.b/C']\""),
        ),
        fill(
            FIELD,
            *("\"metadata.labels['a']\"", f"\"metadata.labels['{'a' * 63}']\"", "\"metadata.annotations['A.b/C']\""),
        ),
    ),
    Example(
        "invalid-env-resource",
        "Required containers[0].env[0].valueFrom.resourceFieldRef.resource",
        (*fill(RESOURCE, "''"), *fill(FROM, "{resourceFieldRef: {}}")),
        fill(RESOURCE, "limits.cpu"),
    ),
    Example(
        "invalid-env-resource",
        "NotSupported containers[0].env[0].valueFrom.resourceFieldRef.resource",
        fill(RESOURCE, "cpu", "limits", "limits.pods", "requests.storage", "hugepages-2Mi", "Limits.cpu"),
        fill(RESOURCE, "requests.ephemeral-storage", "limits.hugepages-2Mi", "requests.hugepages-anything goes"),
    ),
    Example(
        "invalid-env-divisor",
        "Invalid containers[0].env[0].valueFrom.resourceFieldRef.divisor",
        fill(CPU, "10m", "2", "1k", "'01'", "'+1'", "0.5", "-1"),
        fill(CPU, "1m", "1", "'1'", "1000m", "0.001", "1.0", "0", "null", "'0'"),
    ),
    Example(
        "invalid-env-divisor",
        "Invalid containers[0].env[0].valueFrom.resourceFieldRef.divisor",
        fill(MEMORY, "1m", "2", "1024", "'1e3'", "10Mi", "1u"),
        fill(
            MEMORY,
            *("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"),
            "1000",
            "1024Ki",
        ),
    ),
    Example(
        "invalid-env-key-ref-name",
        "Invalid containers[0].env[0].valueFrom.configMapKeyRef.name",
        fill(KEY_REF, *fill("key: a, name: %s", "''", "A", "a_b", "a-", "a" * 254), "key: a"),
        fill(KEY_REF, *fill("key: a, name: %s", "a", "a.b", "a" * 253)),
    ),
    Example(
        "invalid-env-key-ref-name",
        "Invalid containers[0].env[0].valueFrom.secretKeyRef.name",
        fill(SECRET, "key: a, name: A"),
        fill(SECRET, "key: a, name: a"),
    ),
    Example(
        "invalid-env-key-ref-key",
        "Required containers[0].env[0].valueFrom.configMapKeyRef.key",
        fill(KEY_REF, "name: a", "name: a, key: ''"),
        fill(KEY_REF, "name: a, key: k"),
    ),
    Example(
        "invalid-env-key-ref-key",
        "Invalid containers[0].env[0].valueFrom.configMapKeyRef.key",
        fill(KEY_REF, *fill("name: a, key: %s", "a b", "a/b", "'.'", "'..'", "..a", "a" * 254)),
        fill(KEY_REF, *fill("name: a, key: %s", "A_b.c-", ".a", "a..b", "a" * 253)),
    ),
    Example(
        "invalid-env-key-ref-key",
        "Invalid containers[0].env[0].valueFrom.secretKeyRef.key",
        fill(SECRET, "name: a, key: a b"),
        fill(SECRET, "name: a, key: .a"),
    ),
    # Files of a volume.
    Example(
        "invalid-file-key-ref-key",
        "Invalid containers[0].env[0].valueFrom.fileKeyRef.key",
        fill(FILE, "volumeName: v, path: a, key: A=B"),
        fill(FILE, "volumeName: v, path: a, key: '1'"),
    ),
    Example(
        "invalid-file-key-ref-key",
        "Required containers[0].env[0].valueFrom.fileKeyRef.key",
        fill(FILE, "volumeName: v, path: a", "volumeName: v, path: a, key: ''"),
    ),
    Example(
        "invalid-file-key-ref-volume-name",
        "NotFound containers[0].env[0].valueFrom.fileKeyRef.volumeName, Required containers[0].env[0].valueFrom.fileKeyRef.volumeName",
        fill(FILE, "path: a, key: A"),
        fill(FILE, "volumeName: v, path: a, key: A"),
    ),
    Example(
        "invalid-file-key-ref-volume-name",
        "Invalid containers[0].env[0].valueFrom.fileKeyRef.volumeName, NotFound containers[0].env[0].valueFrom.fileKeyRef.volumeName",
        fill(FILE, "volumeName: V, path: a, key: A"),
    ),
    Example(
        "unknown-file-key-ref-volume",
        "NotFound containers[0].env[0].valueFrom.fileKeyRef.volumeName",
        fill(FILE, "volumeName: other, path: a, key: A"),
        fill(FILE, "volumeName: v, path: a, key: A"),
    ),
    Example(
        "invalid-file-key-ref-volume-type",
        "Invalid containers[0].env[0].valueFrom.fileKeyRef.volumeName",
        fill(FILE, "volumeName: host, path: a, key: A"),
        fill(FILE, "volumeName: v, path: a, key: A"),
    ),
    Example(
        "invalid-file-key-ref-path",
        "Invalid containers[0].env[0].valueFrom.fileKeyRef.path",
        fill(FILE, *fill("volumeName: v, key: A, path: %s", "'..'", "a/..", "../a")),
        fill(FILE, *fill("volumeName: v, key: A, path: %s", "a", "/a", "..a", "a..b")),
    ),
    Example(
        "invalid-file-key-ref-path",
        "Required containers[0].env[0].valueFrom.fileKeyRef.path",
        fill(FILE, "volumeName: v, key: A", "volumeName: v, key: A, path: ''"),
    ),
    # All of a ConfigMap or Secret.
    Example(
        "invalid-env-from-prefix",
        "Invalid containers[0].envFrom[0].prefix",
        fill(ENV_FROM, "configMapRef: {name: a}, prefix: A=", "configMapRef: {name: a}, prefix: é"),
        fill(ENV_FROM, "configMapRef: {name: a}, prefix: ''", "configMapRef: {name: a}, prefix: 1 _"),
    ),
    Example(
        "missing-env-from-source",
        "Invalid containers[0].envFrom",
        fill(ENV_FROM, "", "prefix: A", "secretRef: null"),
        fill(ENV_FROM, "secretRef: {name: a}"),
    ),
    Example(
        "conflicting-env-from-sources",
        "Invalid containers[0].envFrom",
        fill(ENV_FROM, "configMapRef: {name: a}, secretRef: {name: a}"),
        (container("envFrom: [{configMapRef: {name: a}}, {secretRef: {name: a}}]"),),
    ),
    Example(
        "invalid-env-from-name",
        "Required containers[0].envFrom[0].secretRef.name",
        fill(ENV_FROM, "secretRef: {}", "secretRef: {name: ''}"),
        fill(ENV_FROM, "secretRef: {name: a}"),
    ),
    Example(
        "invalid-env-from-name",
        "Invalid containers[0].envFrom[0].configMapRef.name",
        fill(ENV_FROM, *fill("configMapRef: {name: %s}", "A", "a_b", "'-'", "-a", "a" * 254)),
        # A name that ends in `-` passes for the beginning of a name.
        fill(ENV_FROM, *fill("configMapRef: {name: %s}", "a.b", "ab-", "'--'", "a" * 253)),
    ),
    # Variables stated twice.
    Example(
        "duplicate-env-name",
        "Warning containers[0].env[1]",
        fill(
            TWICE,
            "value: b",
            "value: ''",
            "value: $(A)",
            "value: $(B)",
            "valueFrom: {fieldRef: {fieldPath: metadata.name}}",
        ),
        fill(TWICE, "value: $(A)b"),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, env, env_from, file_key_ref)
