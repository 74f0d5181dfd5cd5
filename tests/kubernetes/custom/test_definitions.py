"""Custom resources with their CustomResourceDefinitions in one stream: what is found, and what is said where nothing can be."""

from __future__ import annotations

from textwrap import indent

import pytest

import dsgen
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.stream import validate_stream
from dsgen.problem import has_errors
from tests.kubernetes import definitions
from tests.kubernetes.manifests import daemonset

SCHEMA = """\
type: object
properties:
  spec:
    type: object
    required: [size]
    properties:
      size: {type: integer, minimum: 1}
      name: {type: string, pattern: "^[a-z]+$"}
"""
THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n"


def definition(schema: str = SCHEMA, versions: str = "", kind: str = "Thing") -> str:
    return f"{definitions.definition(schema, kind)}{versions}"


def said(*documents: str) -> list[tuple[str, str, int]]:
    found = validate_stream("---\n".join(documents), "a.yaml").problems
    return [(each.code, each.field, each.line) for each in found if each.severity != "note"]


def test_a_resource_is_validated_wherever_its_definition_is() -> None:
    wrong = f"{THING}spec: {{size: 0, nam: a}}\n"
    line = definition().count("\n") + 1
    assert said(definition(), wrong) == [
        ("unknown-field", "spec.nam", line + 4),
        ("out-of-range-custom-resource-number", "spec.size", line + 4),
    ]
    assert said(wrong, definition()) == [
        ("unknown-field", "spec.nam", 4),
        ("out-of-range-custom-resource-number", "spec.size", 4),
    ]
    assert said(f"apiVersion: v1\nkind: List\nitems:\n- {indent(definition(), '  ')[2:]}", wrong)


def test_what_is_valid_counts_as_validated() -> None:
    found = validate_stream(f"{definition()}---\n{THING}spec: {{size: 1, name: a}}\n", "")
    assert (found.others, found.in_part) == ([], [])
    assert found.problems == []
    assert (
        dsgen.validate_manifest(f"{definition()}---\n{THING}spec: {{}}\n")[-1].code == "missing-custom-resource-field"
    )


def test_without_a_definition_nothing_is_said_to_be_well() -> None:
    found = validate_stream(f"{THING}spec: {{size: 0}}\n", "")
    assert (found.others, found.judged) == (["Thing"], 0)
    (note,) = found.problems
    assert (note.code, note.severity) == ("unvalidated-object", "note")
    assert "crds" in note.hint
    # One of another kind, or group, does not help.
    assert validate_stream(f"{definition(kind='Other')}---\n{THING}", "").others == ["Thing"]


def test_every_served_version_has_its_schema() -> None:
    versions = """
  - name: v2
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {length: {type: integer}}}}}}
  - {name: v1alpha1, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
"""
    defined = definition(versions=versions)
    assert said(defined, f"{THING.replace('v1', 'v2')}spec: {{length: 1}}\n") == []
    assert [code for code, _, _ in said(defined, f"{THING.replace('v1', 'v2')}spec: {{size: 1}}\n")] == [
        "unknown-field"
    ]
    for version, words in (("v1alpha1", "does not serve `example.com/v1alpha1`"), ("v3", "has no version `v3`")):
        other = THING.replace("example.com/v1", f"example.com/{version}")
        (problem,) = [
            each for each in validate_stream(f"{defined}---\n{other}", "a.yaml").problems if each.severity == "error"
        ]
        assert (problem.code, problem.field) == ("unknown-kind", "apiVersion")
        assert words in problem.message
        assert problem.hint == "write `apiVersion: example.com/v1`"


def test_a_definition_with_errors_is_not_used() -> None:
    """It is refused itself; and what it would say of others is worth nothing."""
    broken = definition().replace("minimum: 1", "minimum: one")
    found = validate_stream(f"{broken}---\n{THING}spec: {{size: 0}}\n", "a.yaml")
    codes = {each.code: each for each in found.problems}
    line = broken[: broken.index("one")].count("\n") + 1
    assert codes["invalid-field-type"].line == line
    assert codes["unvalidated-resource"].severity == "warning"
    assert f"a.yaml:{line}" in codes["unvalidated-resource"].message
    assert found.others == ["Thing"]


def test_two_definitions_of_one_kind() -> None:
    other = definition(SCHEMA.replace("minimum: 1", "minimum: 2"))
    wrong = f"{THING}spec: {{size: 1}}\n"
    codes = [code for code, _, _ in said(definition(), other, wrong)]
    assert "unvalidated-resource" in codes
    assert "out-of-range-custom-resource-number" not in codes
    again = [code for code, _, _ in said(definition(), definition(), f"{THING}spec: {{size: 0}}\n")]
    assert "out-of-range-custom-resource-number" in again


def test_what_is_not_evaluated_is_said() -> None:
    schema = SCHEMA.replace("^[a-z]+$", r"^\\p{Greek}+$")
    found = validate_stream(f"{definition(schema)}---\n{THING}spec: {{size: 1, name: a}}\n", "")
    (note,) = [each for each in found.problems if each.code == "unvalidated-schema"]
    assert (note.severity, note.field) == ("note", "spec.name")
    assert r"\p{Greek}" in note.message


@pytest.mark.parametrize(
    ("schema", "part", "says"),
    [
        (
            "oneOf: [{required: [size]}, {required: [name]}]",
            "{size: 1, name: a}",
            "must set exactly one of `size`, `name`; 2 fit",
        ),
        ("anyOf: [{required: [size]}, {required: [name]}]", "{}", "must set at least one of `size`, `name`"),
        ("not: {required: [size, name]}", "{size: 1, name: a}", "must not set `size` and `name` together"),
    ],
)
def test_fields_that_belong_together(schema: str, part: str, says: str) -> None:
    stated = SCHEMA.replace("    required: [size]\n", f"    {schema}\n")
    found = validate_stream(f"{definition(stated)}---\n{THING}spec: {part}\n", "a.yaml").problems
    (problem,) = [each for each in found if each.code == "invalid-custom-resource-form"]
    assert (problem.message, problem.field, problem.type) == (says, "spec", "Invalid")


def test_rules_in_cel_are_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for user in ("dsgen.kubernetes.custom.validate.cel", "dsgen.kubernetes.cel.library.cel"):
        monkeypatch.setattr(user, lambda: None)
    rule = "      x-kubernetes-validations: [{rule: self.size < 9, message: too large}, {rule: self.size > 0}]\n"
    schema = SCHEMA.replace("    properties:\n      size", f"{rule[2:]}    properties:\n      size")
    found = validate_stream(f"{definition(schema)}---\n{THING}spec: {{size: 10}}\n", "")
    (note,) = [each for each in found.problems if each.code == "unvalidated-schema"]
    assert note.severity == "note"
    assert "the 2 rules in CEL" in note.message
    assert found.in_part == ["CustomResourceDefinition", "Thing"]
    # An object without the part that they are about has nothing to be evaluated.
    alone = validate_stream(f"{definition(schema)}---\n{THING}", "")
    assert "unvalidated-schema" not in {each.code for each in alone.problems}


def test_a_pattern_that_would_run_for_ever_ends() -> None:
    schema = SCHEMA.replace("^[a-z]+$", "^(a+)+$")
    text = "a" * 3_000
    assert said(definition(schema), f"{THING}spec: {{size: 1, name: {text}}}\n") == []
    assert [code for code, _, _ in said(definition(schema), f"{THING}spec: {{size: 1, name: {text}b}}\n")] == [
        "invalid-custom-resource-format"
    ]


def test_a_definition_of_five_megabytes() -> None:
    fields = "".join(f"      field{number}: {{type: string, description: {'a' * 4_000}}}\n" for number in range(1_250))
    large = definition(f"{SCHEMA}{fields}")
    assert len(large) > 5_000_000
    codes = {code: field for code, field, _ in said(large, f"{THING}spec: {{size: 1, field7: 1}}\n")}
    assert codes["invalid-field-type"] == "spec.field7"


def test_a_definition_beside_a_shipped_one_comes_first() -> None:
    own = definition(
        "type: object\nproperties: {spec: {type: object, properties: {port: {type: integer}}}}\n", kind="PodMonitor"
    )
    own = own.replace("example.com", "monitoring.coreos.com")
    monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a}\nspec: {port: 1}\n"
    assert {code for code, _, _ in said(monitor)} == {"unknown-field", "missing-custom-resource-field"}
    assert said(own, monitor) == []


@pytest.mark.parametrize(
    "text",
    ["spec: 1", "spec: {group: 1}", "spec: {versions: [1]}", "spec: {group: example.com, names: {kind: Thing}}", ""],
)
def test_half_a_definition(text: str) -> None:
    head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n"
    assert validate_stream(f"{head}{text}\n---\n{THING}", "").others in ([], ["Thing"])


def test_nothing_of_this_is_loaded_for_other_objects() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom dsgen.kubernetes.stream import validate_stream\n"
        f"validate_stream({daemonset()!r}, '')\n"
        "print([name for name in sys.modules if name.startswith('dsgen.kubernetes.custom')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("header", ["ApiVersion: VERSION\nkind: PodMonitor", "apiVersion: VERSION\nKind: PodMonitor"])
def test_a_misspelt_header_of_a_shipped_kind(header: str) -> None:
    text = header.replace("VERSION", "monitoring.coreos.com/v1") + "\nmetadata: {name: a}\nspec: {selector: {}}\n"
    assert has_errors(validate_stream(text, "").problems)


def test_many_findings_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of thousands of wrong items took minutes."""
    compared = 0
    same = tuple.__eq__

    def counting(one: Finding, other: object) -> bool:
        nonlocal compared
        compared += 1
        return same(one, other)

    monkeypatch.setattr(Finding, "__eq__", counting)
    monkeypatch.setattr(Finding, "__hash__", tuple.__hash__)
    items = "".join("  - {port: a, scheme: nope}\n" for _ in range(300))
    header = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a}\n"
    found = validate_stream(f"{header}spec:\n  selector: {{}}\n  podMetricsEndpoints:\n{items}", "").problems
    assert len(found) == 300
    assert compared < 300


def test_an_empty_name_is_a_missing_one() -> None:
    """The server leaves it out of the metadata, so that the schema says nothing of it."""
    schema = "{type: object, properties: {metadata: {type: object, properties: {name: {type: string, pattern: '^[a-z]+$'}}}}}"
    text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: '', namespace: x}"
    problems = validate_stream(f"{text}\n---\n{definition(schema)}", "a.yaml").problems
    assert [(each.type, each.field) for each in problems if each.severity == "error"] == [("Required", "metadata.name")]
