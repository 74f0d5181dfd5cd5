"""The rules of CustomResourceDefinitions."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.custom.pattern_syntax import syntax_fault
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import (
    definition_conversion,
    definition_defaults,
    definition_fields,
    definition_lists,
    definition_names,
    definition_schemas,
    definition_structure,
    definition_versions,
)
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

NAMES = "{plural: agents, kind: Agent}"
HEAD = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {META}, spec: {SPEC}}"
NAMED = HEAD.replace("META", "name: agents.example.com")
VERSION = "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}"
SPEC = NAMED.replace("SPEC", f"group: example.com, scope: Cluster, names: {NAMES}, versions: [{VERSION}], *")
FREE = NAMED.replace("SPEC", "*")
FIXED = f"group: example.com, scope: Cluster, names: {NAMES}"
VERSIONS = NAMED.replace("SPEC", f"{FIXED}, versions: [*]")
ONE = VERSIONS.replace("*", "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}, *}")
ROOT = VERSIONS.replace(
    "*", "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {*}}, subresources: {status: {}}}"
)
FIELD = VERSIONS.replace(
    "*", "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {*}}}}}"
)
SELECTED = VERSIONS.replace(
    "*", "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {a: {type: string}, b: {type: number}}}}}}, selectableFields: [*]}"
)  # fmt: skip
MANY = ", ".join(f"{{jsonPath: .spec.x{index}}}" for index in range(9))
OBJECT = "type: object, properties: {b: {type: string}}"
A = "spec.validation.openAPIV3Schema.properties[a]"
RULES = "type: object, properties: {b: {type: string}}, x-kubernetes-validations: [{*}]"
KEYED = "type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {k: {*}}}"

ROWS = [
    *table(
        HEAD.replace("META", "*").replace("SPEC", f"{FIXED}, versions: [{VERSION}]"),
        """
        mismatched-definition-name | name: agents.example.com | name: agent.example.com | Invalid metadata.name
        """,
    ),
    *table(
        FREE.replace("agents.example.com", "agents.*").replace("spec: {*}", f"spec: {{group: '*', scope: Cluster, names: {NAMES}, versions: [{VERSION}]}}"),
        """
        invalid-definition-group | a.b | a | Invalid spec.group
        """,
    ),
    *table(
        FREE.replace("*", f"group: example.com, names: {NAMES}, versions: [{VERSION}], *"),
        """
        invalid-definition-scope | scope: Namespaced | scope: namespaced | NotSupported spec.scope
        """,
    ),
    *table(
        FREE.replace("*", f"group: example.com, scope: Cluster, versions: [{VERSION}], names: {{plural: agents, *}}"),
        """
        missing-definition-name | kind: Agent | singular: agent | Required spec.names.kind, Required spec.names.listKind
        invalid-definition-name | kind: AgentX | kind: Agent_X | Invalid spec.names.singular, Invalid spec.names.kind, Invalid spec.names.listKind
        invalid-definition-name | kind: A, listKind: B | kind: A, listKind: A | Invalid spec.names.listKind
        invalid-definition-name | kind: A, shortNames: [a] | kind: A, shortNames: [1a] | Invalid spec.names.shortNames[0]
        """,
    ),
    *table(
        HEAD.replace("META", "name: a.b.k8s.io, annotations: {*}").replace("SPEC", f"group: b.k8s.io, scope: Cluster, names: {{plural: a, kind: A}}, versions: [{VERSION}]"),
        """
        missing-api-approval | api-approved.kubernetes.io: 'https://a/b' | a: b | Required metadata.annotations[api-approved.kubernetes.io]
        missing-api-approval | api-approved.kubernetes.io: unapproved | api-approved.kubernetes.io: 'yes' | Invalid metadata.annotations[api-approved.kubernetes.io]
        """,
    ),
    *table(
        SPEC,
        """
        forbidden-preserve-unknown-fields | preserveUnknownFields: false | preserveUnknownFields: true | Invalid spec.preserveUnknownFields
        invalid-conversion-strategy | conversion: {strategy: None} | conversion: {strategy: none} | NotSupported spec.conversion.strategy
        missing-conversion-webhook | conversion: {strategy: None} | conversion: {strategy: None, webhook: {clientConfig: {}}} | Forbidden spec.conversion.webhookClientConfig
        missing-conversion-webhook | conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://a'}}} | conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1]}} | Required spec.conversion.webhookClientConfig
        invalid-conversion-review-versions | conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://a'}}} | conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v2], clientConfig: {url: 'https://a'}}} | Invalid spec.conversion.conversionReviewVersions
        """,
    ),
    *table(
        VERSIONS,
        """
        invalid-definition-version-name | {name: v1b, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}} | {name: V1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}} | Invalid spec.versions[0].name, Invalid spec.version
        duplicate-definition-version | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v2, schema: {openAPIV3Schema: {type: object}}} | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v1, schema: {openAPIV3Schema: {type: object}}} | Invalid spec.versions
        mismatched-storage-version | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}} | {name: v1, schema: {openAPIV3Schema: {type: object}}} | Invalid spec.versions, Invalid status.storedVersions
        missing-stored-version | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}} | {name: v1, schema: {openAPIV3Schema: {type: object}}} | Invalid spec.versions, Invalid status.storedVersions
        forbidden-schema-version | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}} | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object, $schema: a}}} | Invalid spec.validation.openAPIV3Schema
        missing-schema | {name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}} | {name: v1, storage: true} | Required spec.versions[0].schema.openAPIV3Schema
        """,
    ),
    *table(
        ONE,
        """
        invalid-deprecation-warning | deprecated: true, deprecationWarning: a | deprecationWarning: a | Invalid spec.versions[0].deprecationWarning
        invalid-deprecation-warning | deprecated: true, deprecationWarning: <256> | deprecated: true, deprecationWarning: <257> | Invalid spec.versions[0].deprecationWarning
        invalid-scale-path | subresources: {scale: {specReplicasPath: .spec.a, statusReplicasPath: .status.a}} | subresources: {scale: {specReplicasPath: .status.a, statusReplicasPath: .status.a}} | Invalid spec.subresources.scale.specReplicasPath
        invalid-printer-column | additionalPrinterColumns: [{name: a, type: date, jsonPath: .a}] | additionalPrinterColumns: [{name: a, type: time, jsonPath: a}] | Invalid spec.additionalPrinterColumns[0].type, Invalid spec.additionalPrinterColumns[0].JSONPath
        """,
    ),
    *table(
        SELECTED,
        """
        invalid-selectable-field | {jsonPath: .spec.a} | {jsonPath: .spec.b} | Invalid spec.selectableFields[0].jsonPath
        invalid-selectable-field | {jsonPath: .spec.a} | {jsonPath: ".spec['a']"} | Invalid spec.selectableFields[0].jsonPath
        duplicate-selectable-field | {jsonPath: .spec.a} | {jsonPath: .spec.a}, {jsonPath: .spec.a} | Duplicate spec.selectableFields[1].jsonPath
        """,
    ),
    *table(
        ROOT,
        """
        forbidden-root-schema-field | type: object, required: [a] | type: object, minProperties: 1 | Invalid spec.validation.openAPIV3Schema
        """,
    ),
    *table(
        FIELD,
        f"""
        invalid-schema-type | type: integer | type: int | NotSupported {A}.type
        forbidden-schema-field | type: string, uniqueItems: false | type: string, uniqueItems: true | Forbidden {A}.uniqueItems
        forbidden-schema-field | {OBJECT} | {OBJECT}, $ref: a | Forbidden {A}.$ref
        conflicting-additional-properties | type: object, additionalProperties: {{type: string}} | {OBJECT}, additionalProperties: {{type: string}} | Forbidden {A}.additionalProperties
        invalid-preserve-unknown-fields | type: object, x-kubernetes-preserve-unknown-fields: true | type: object, x-kubernetes-preserve-unknown-fields: false | Invalid {A}.x-kubernetes-preserve-unknown-fields
        unknown-schema-format | type: string, format: date-time | type: integer, format: date-time | Warning {A}.format
        missing-schema-items | type: array, items: {{type: string}} | type: array | Required {A}.items
        forbidden-additional-properties | type: object, not: {{required: [b]}} | type: object, not: {{additionalProperties: true}} | Forbidden {A}.not.additionalProperties
        missing-schema-type | x-kubernetes-int-or-string: true | nullable: true | Required {A}.type
        conflicting-int-or-string | x-kubernetes-int-or-string: true | x-kubernetes-int-or-string: true, x-kubernetes-preserve-unknown-fields: true | Invalid {A}.x-kubernetes-preserve-unknown-fields
        missing-embedded-properties | {OBJECT}, x-kubernetes-embedded-resource: true | type: object, x-kubernetes-embedded-resource: true | Required {A}.properties
        invalid-schema-pattern | type: string, pattern: '(?i)a' | type: string, pattern: '(?=a)' | Invalid {A}.pattern
        misplaced-schema-structure | type: string, anyOf: [{{maxLength: 1}}] | type: string, anyOf: [{{type: string}}] | Forbidden {A}.anyOf[0].type
        misplaced-schema-structure | x-kubernetes-int-or-string: true, anyOf: [{{type: integer}}, {{type: string}}] | x-kubernetes-int-or-string: true, anyOf: [{{type: string}}, {{type: integer}}] | Forbidden {A}.anyOf[0].type, Forbidden {A}.anyOf[1].type
        invalid-map-type | type: object, x-kubernetes-map-type: atomic | type: object, x-kubernetes-map-type: set | NotSupported {A}.x-kubernetes-map-type
        invalid-list-type | type: array, items: {{type: string}}, x-kubernetes-list-type: set | type: string, x-kubernetes-list-type: set | Invalid {A}.type
        invalid-set-items | type: array, items: {{type: string}}, x-kubernetes-list-type: set | type: array, items: {{type: object}}, x-kubernetes-list-type: set | Invalid {A}.items.x-kubernetes-map-type, Warning {A}.x-kubernetes-list-type
        forbidden-list-map-keys | type: array, items: {{type: string}}, x-kubernetes-list-map-keys: [] | type: array, items: {{type: string}}, x-kubernetes-list-map-keys: [a] | Required {A}.x-kubernetes-list-type
        ineffective-set | type: array, items: {{type: string}}, x-kubernetes-list-type: set | type: array, items: {{type: object, x-kubernetes-map-type: atomic}}, x-kubernetes-list-type: set | Warning {A}.x-kubernetes-list-type
        unknown-default-field | {OBJECT}, default: {{b: x}} | {OBJECT}, default: {{c: x}} | Invalid {A}.default
        mismatched-default | type: integer, default: 5 | type: integer, default: '5' | TypeInvalid {A}.default
        mismatched-default | type: string, enum: [a], default: a | type: string, enum: [a], default: b | NotSupported {A}.default
        """,
    ),
    *table(
        FIELD.replace("*", KEYED),
        f"""
        invalid-map-list | type: string | {OBJECT} | Invalid {A}.items.properties[k].type
        invalid-list-items | type: string | type: string, nullable: true | Forbidden {A}.items.properties[k].nullable
        """,
    ),
    *table(
        FIELD.replace("*", RULES),
        f"""
        invalid-schema-rule | rule: x | message: a | Required {A}.x-kubernetes-validations[0].rule
        invalid-schema-rule | rule: x, message: a | rule: x, message: ' ' | Invalid {A}.x-kubernetes-validations[0].message
        invalid-schema-rule-reason | rule: x, reason: FieldValueInvalid | rule: x, reason: Invalid | NotSupported {A}.x-kubernetes-validations[0].reason
        invalid-schema-rule-field-path | rule: x, fieldPath: .b | rule: x, fieldPath: .c | Invalid {A}.x-kubernetes-validations[0].fieldPath
        invalid-schema-rule-field-path | rule: x, fieldPath: "['b']" | rule: x, fieldPath: "[b]" | Invalid {A}.x-kubernetes-validations[0].fieldPath
        """,
    ),
    *table(
        ROOT.replace("{*}", "{type: object, properties: {*}}"),
        """
        invalid-metadata-schema | kind: {type: string} | kind: {type: integer} | Invalid spec.validation.openAPIV3Schema.properties[kind].type
        invalid-metadata-schema | metadata: {type: object, properties: {name: {type: string}}} | metadata: {type: object, description: a} | Forbidden spec.validation.openAPIV3Schema.properties[metadata]
        forbidden-schema-default | kind: {type: string} | kind: {type: string, default: A} | Forbidden spec.validation.openAPIV3Schema.properties[kind].default
        misplaced-embedded-resource | spec: {type: object, properties: {a: {type: string}}, x-kubernetes-embedded-resource: true} | spec: {type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: object, properties: {a: {type: string}}, x-kubernetes-embedded-resource: true}}} | Forbidden spec.validation.openAPIV3Schema.properties[spec].properties[metadata].x-kubernetes-embedded-resource
        """,
    ),
    *table(
        ONE.replace("{type: object}", "{type: object, properties: {a: {type: object}}, *}").replace(", *}]", "}]"),
        """
        missing-schema-structure | anyOf: [{properties: {a: {minProperties: 1}}}] | anyOf: [{properties: {b: {minProperties: 1}}}] | Required spec.validation.openAPIV3Schema.properties[b]
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_case() -> None:
    modules = (definition_conversion, definition_defaults, definition_fields, definition_lists, definition_names)
    others = (definition_schemas, definition_structure, definition_versions)
    updated = {"changed-definition-name", "invalid-conversion-bundle", "conflicting-preserve-unknown-fields"}
    assert untested(ROWS, *modules, *others) == updated


def changed(old: str, new: str, minor: str = "1.37") -> set[str]:
    """Return what is said when one definition replaces another."""
    found = validate_update(read_first(old).root, read_first(new).root, minor)
    return {f"{each.code} {each.type} {each.field}" for each in found}


ESTABLISHED = ", status: {conditions: [{type: Established, status: 'True'}]}}"
LOOSE = FIELD.replace("*", "")
KEEPING = SPEC.replace("*", "preserveUnknownFields: true")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (SPEC.replace("*", ""), SPEC.replace("Cluster", "Namespaced").replace("*", ""), ""),
        (SPEC.replace("*", "")[:-1] + ESTABLISHED, SPEC.replace("Cluster", "Namespaced").replace("*", ""), "changed-definition-name Invalid spec.scope"),
        (SPEC.replace("*", ""), SPEC.replace("group: example.com", "group: a.b").replace("*", ""), "changed-definition-name Invalid spec.group"),
        (KEEPING, KEEPING, ""),
        (SPEC.replace("*", ""), KEEPING, "forbidden-preserve-unknown-fields Invalid spec.preserveUnknownFields"),
        (fill(FIELD, "type: int"), fill(FIELD, "type: text"), ""),
        (fill(FIELD, "type: string"), fill(FIELD, "type: text"), f"invalid-schema-type NotSupported {A}.type"),
        (fill(FIELD, "type: string, format: x"), fill(FIELD, "type: string, format: x, minLength: 1"), ""),
        (fill(FIELD, f"{OBJECT}, default: {{z: x}}"), fill(FIELD, f"{OBJECT}, default: {{y: x}}"), ""),
        (LOOSE, LOOSE, f"missing-schema-type Required {A}.type"),
        (fill(SELECTED, "{jsonPath: .spec.a}"), fill(VERSIONS, VERSION.replace("v1", "v2")), "missing-stored-version Invalid status.storedVersions[0]"),
    ],
)  # fmt: skip
def test_an_update(old: str, new: str, says: str) -> None:
    assert changed(old, new) == ({says} if says else set())


def test_an_old_definition_that_keeps_unknown_fields_need_not_be_structural() -> None:
    old = LOOSE.replace("scope:", "preserveUnknownFields: true, scope:")
    assert changed(old, old) == set()
    defaulted = old.replace("a: {}", "a: {default: 1}")
    assert changed(old, defaulted) == {
        f"missing-schema-type Required {A}.type",
        "conflicting-preserve-unknown-fields Invalid spec.preserveUnknownFields",
    }


def test_the_bundle_of_a_kind_that_is_served() -> None:
    hook = "conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://a', caBundle: BUNDLE}}}"
    wrong, none = (SPEC.replace("*", hook.replace("BUNDLE", bundle)) for bundle in ("eA==", "''"))
    code = "invalid-conversion-bundle Invalid spec.conversion.webhookClientConfig.caBundle"
    assert changed(none[:-1] + ESTABLISHED, wrong) == {code}
    assert changed(wrong[:-1] + ESTABLISHED, wrong) == set()
    assert changed(none, wrong) == set()


def test_what_versions_do_not_share_is_said_of_each() -> None:
    two = "{name: v1, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {type: X}}}}}, {name: v2, schema: {openAPIV3Schema: {type: object, properties: {a: {type: Y}}}}}"
    assert said(VERSIONS.replace("*", two.replace("X", "int").replace("Y", "string"))) == {
        "invalid-schema-type NotSupported spec.versions[0].schema.openAPIV3Schema.properties[a].type"
    }
    assert said(VERSIONS.replace("*", two.replace("X", "int").replace("Y", "int"))) == {
        f"invalid-schema-type NotSupported {A}.type"
    }


def test_schemas_inside_items_are_not_read_strictly() -> None:
    assert said(fill(FIELD, "type: array, items: {type: string, unknown: 1}")) == set()
    assert said(fill(FIELD, "type: array, items: {type: string, maxLength: '5'}")) == {
        "invalid-field-type spec.versions[0].schema.openAPIV3Schema.properties.a.items.maxLength"
    }
    assert said(fill(FIELD, "type: object, additionalProperties: yes please")) == {
        "invalid-field-type spec.versions[0].schema.openAPIV3Schema.properties.a.additionalProperties"
    }


EMBEDDED = f"{OBJECT}, x-kubernetes-embedded-resource: true, default: {{apiVersion: v1, kind: Pod, b: c, *}}"
IN_METADATA = f"{A}.default.metadata"


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ("metadata: {name: A_B, labels: {a: b}}", ""),
        ("metadata: {name: a/b}", f"Invalid {IN_METADATA}.name"),
        ("metadata: {labels: {-: b}}", f"Invalid {IN_METADATA}.labels"),
        ("metadata: {namespace: A}", f"Invalid {IN_METADATA}.namespace"),
        ("metadata: {generation: -1}", f"Invalid {IN_METADATA}.generation"),
        ("metadata: {finalizers: [a b]}", f"Invalid {IN_METADATA}.finalizers"),
    ],
)
def test_the_metadata_of_an_object_in_a_default(metadata: str, says: str) -> None:
    found = {each.partition(" ")[2] for each in said(fill(FIELD, fill(EMBEDDED, metadata)))}
    assert found == ({says} if says else set())


@pytest.mark.parametrize(
    ("schema", "newer", "older"),
    [
        ("type: integer, maximum: 9223372036854774784, default: 1", False, False),
        ("type: integer, maximum: 9223372036854775808, default: 1", True, True),
        ("type: integer, minimum: -9223372036854775808, default: 1", True, False),
        ("type: integer, maximum: 1.5, default: 1", True, False),
        ("type: integer, format: int32, maximum: 2147483648, default: 1", True, False),
        ("type: integer, format: int32, maximum: 2147483647, default: 1", False, False),
        ("type: integer, multipleOf: 9223372036854775808, default: 0", True, True),
        ("type: number, maximum: 1e30, default: 1", True, True),
        ("type: number, maximum: 1e30, default: 1.5", False, False),
        ("type: number, format: float, maximum: 1e300, default: 1.5", True, False),
    ],
)
def test_a_limit_that_is_not_a_number_of_its_type(schema: str, newer: bool, older: bool) -> None:
    """Until 1.35, one that does not fit into 64 bits becomes the smallest number for whole ones."""
    for minor, refused in (("1.37", newer), ("1.36", newer), ("1.35", older)):
        expected = {f"mismatched-default Invalid {A}.default"} if refused else set()
        assert said(fill(FIELD, schema), minor) == expected


def test_an_index_in_a_default_follows_a_dot() -> None:
    text = fill(FIELD, "type: array, items: {type: integer, maximum: 1}, default: [2]")
    assert said(text) == {f"mismatched-default Invalid {A}.default.[0]"}


def test_rules_in_cel_are_not_passed_over_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsgen.kubernetes.cel.library.cel", lambda: None)
    text = fill(FIELD, f"{OBJECT}, x-kubernetes-validations: [{{rule: nonsense(, messageExpression: x}}]").replace(
        "nonsense(", "'nonsense('"
    )
    assert [each.code for each in validate_and_lint(read_first(text).root)] == ["unvalidated-expression"]


@pytest.mark.parametrize(
    "pattern", ["a", "(?i)a", "\\pL", "[[:alpha:]]", "a{1000}", "(?U)a", "\\12", "(?P<a>b)", "\\Qa*\\E", "^*"]
)
def test_a_pattern_of_go(pattern: str) -> None:
    assert syntax_fault(pattern) == ""


@pytest.mark.parametrize(
    "pattern", ["(", "a**", "(?=a)", "\\1", "a{1001}", "[z-a]", "(a{1000}){2}", "\\Z", "{2}", "(?x)a", "*a"]
)
def test_not_a_pattern_of_go(pattern: str) -> None:
    assert syntax_fault(pattern)
