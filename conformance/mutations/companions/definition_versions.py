"""CustomResourceDefinitions: versions, subresources and printer columns."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL

SCHEMA: Json = {"openAPIV3Schema": {"type": "object"}}
OTHER: Json = {"openAPIV3Schema": {"type": "object", "description": "other"}}
VERSION: Json = {"name": "v1", "served": True, "storage": True, "schema": SCHEMA}
OLD: Json = {"name": "v1beta1", "served": True, "storage": False, "schema": SCHEMA}
VERSIONS = "spec.versions"
LABEL = Pool(
    [text for text in DNS_LABEL.good if not text[0].isdigit()], [*DNS_LABEL.bad, "0", "1-2", "", None], noisy=True
)
row("version-name", VERSIONS, LABEL, lambda name: [{**VERSION, "name": name}])
row("version-name-second", VERSIONS, LABEL, lambda name: [VERSION, {**OLD, "name": name}])
changes(
    "versions",
    [{VERSIONS: [VERSION, OLD]}, {VERSIONS: [OLD, VERSION]}, {VERSIONS: [VERSION]}, {VERSIONS: [{**VERSION, "served": False}]}, {VERSIONS: [VERSION, OLD, {**OLD, "name": "v1alpha1"}]}],
    [{VERSIONS: versions} for versions in each_of([], None, DROP, [{}], [VERSION, VERSION], [OLD], [OLD, OLD], [VERSION, {**OLD, "storage": True}], [VERSION, {**VERSION, "name": "v2"}, {**VERSION, "name": "v3"}],
     [VERSION, {**OLD, "name": "v1"}], [{**OLD, "name": "v1"}, VERSION], [{**VERSION, "storage": None}], [{**VERSION, "name": ""}], [None])],
    weight=3,
)  # fmt: skip
changes(
    "version-schema",
    [{VERSIONS: [VERSION, {**OLD, "schema": OTHER}]}, {VERSIONS: [{**VERSION, "schema": OTHER}, {**OLD, "schema": OTHER}]}],
    [{VERSIONS: [{**VERSION, "schema": one}, *more]} for one in (None, {}, {"openAPIV3Schema": None}, DROP) for more in ([], [OLD], [{**OLD, "schema": one}], [{**OLD, "served": False}]) if one is not DROP]
    + [{VERSIONS: [{"name": "v1", "served": True, "storage": True}]}, {VERSIONS: [VERSION, {**OLD, "schema": {"openAPIV3Schema": {}}}]}, {VERSIONS: [{**VERSION, "schema": {"openAPIV3Schema": {}}}]}],
    weight=3,
)  # fmt: skip
WARNINGS = Pool(
    ["a", "é " + "a" * 250, "a" * 256, "v1 is deprecated; see https://a"],
    ["", "a\nb", "a\t", "a" * 257, "a\u00a0b", "\u200b", "é" * 129, "\u2028"],
)
row(
    "deprecation-warning",
    VERSIONS,
    WARNINGS,
    lambda text: [{**VERSION, "deprecated": True, "deprecationWarning": text}],
    weight=2,
)
changes(
    "deprecation",
    [{VERSIONS: [{**VERSION, "deprecated": deprecated, "deprecationWarning": text}]} for deprecated, text in ((True, None), (False, None), (None, None), (True, "a"))],
    [{VERSIONS: [{**VERSION, "deprecated": deprecated, "deprecationWarning": text}]} for deprecated in (False, None) for text in ("a", "", "a\n")],
)  # fmt: skip
SCALE: Json = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}
PATHS: Json = {
    "specReplicasPath": Pool([".spec.a", ".spec.", ".spec.a.b[0]"], [".spec", "spec.a", ".status.a", "", None, ".", ".Spec.a", " .spec.a"]),
    "statusReplicasPath": Pool([".status.a", ".status."], [".status", "status.a", ".spec.a", "", None, "."]),
    "labelSelectorPath": Pool([".status.a", ".spec.a", "", None], [".metadata.a", "status.a", ".", "a", ".statusa"]),
}  # fmt: skip
for path, pool in PATHS.items():
    row(f"scale-{path.lower()}", VERSIONS, pool,
        lambda text, path=path: [{**VERSION, "subresources": {"scale": {**SCALE, path: text}}}])  # fmt: skip
    row(f"scale-second-{path.lower()}", VERSIONS, pool,
        lambda text, path=path: [VERSION, {**OLD, "subresources": {"scale": {**SCALE, path: text}}}], weight=0.5)  # fmt: skip
changes(
    "subresources",
    [{VERSIONS: [{**VERSION, "subresources": resources}]} for resources in each_of({}, None, {"status": {}}, {"scale": SCALE}, {"scale": None})],
    [{VERSIONS: [{**VERSION, "subresources": {"scale": {}}}]}, {VERSIONS: [{**VERSION, "subresources": {"scale": {}}}, {**OLD, "subresources": {"scale": {}}}]}],
)  # fmt: skip
COLUMN: Json = {"name": "A", "type": "string", "jsonPath": ".a"}
COLUMNS: Json = {
    "name": Pool(["a", "A b"], ["", None]),
    "type": Pool(["string", "integer", "number", "boolean", "date"], ["", None, "String", "object", "array", "int32"]),
    "format": Pool(["", None, "int32", "int64", "float", "double", "byte", "date", "date-time", "password"], ["datetime", "uri", "Int32", "x"]),
    "jsonPath": Pool([".a", ".", ".a.b[0]", ".metadata.labels.a\\.b"], ["", None, "a", "$.a", "{.a}", " .a", "a.b"]),
    "priority": Pool([0, 1, -1, None], ["1"]),
}  # fmt: skip
for field, pool in COLUMNS.items():
    row(
        f"column-{field.lower()}",
        VERSIONS,
        pool,
        lambda value, field=field: [{**VERSION, "additionalPrinterColumns": [COLUMN, {**COLUMN, field: value}]}],
    )
    row(
        f"column-second-{field.lower()}",
        VERSIONS,
        pool,
        lambda value, field=field: [VERSION, {**OLD, "additionalPrinterColumns": [{**COLUMN, field: value}]}],
        weight=0.5,
    )
changes(
    "columns",
    [{VERSIONS: [{**VERSION, "additionalPrinterColumns": columns}, {**OLD, "additionalPrinterColumns": columns}]} for columns in ([], None, [COLUMN])],
    [{VERSIONS: [{**VERSION, "additionalPrinterColumns": [{}]}, {**OLD, "additionalPrinterColumns": [{}]}]}, {VERSIONS: [{**VERSION, "additionalPrinterColumns": [None]}]}],
)  # fmt: skip
STORED = "status.storedVersions"
updates(
    "update-stored-versions",
    [({STORED: stored, VERSIONS: [VERSION, OLD]}, {VERSIONS: versions}) for stored, versions in (
        (["v1"], [VERSION]), (["v1", "v1beta1"], [VERSION, OLD]), (["v1beta1"], [VERSION, OLD]), ([], [VERSION]), (None, [VERSION, OLD]), (["v1"], [VERSION, {**OLD, "name": "v2"}]))],
    [({STORED: stored, VERSIONS: [VERSION, OLD]}, {VERSIONS: versions}) for stored, versions in (
        (["v1", "v1beta1"], [VERSION]), (["v1"], [{**VERSION, "name": "v2"}]), (["v3"], [VERSION]), (["v1", "v1beta1", "v1beta1"], [VERSION]), (["v1"], [OLD]), ([], [{**VERSION, "name": "v2"}]),
        (["v1"], []), (["v1"], [VERSION, {**OLD, "storage": True}]), (["v1"], [VERSION, VERSION]))],
    weight=3,
)  # fmt: skip
BARE = [{"name": "v1", "served": True, "storage": True}]
HIDDEN = [{"name": "v1", "served": False, "storage": True}]
updates(
    "update-version-schema",
    [at(VERSIONS, BARE, HIDDEN), at(VERSIONS, BARE, [VERSION]), at(VERSIONS, [VERSION, {"name": "v2"}], [VERSION, {"name": "v2"}]),
     ({VERSIONS: BARE, "spec.preserveUnknownFields": True}, {VERSIONS: BARE, "spec.preserveUnknownFields": True})],
    [at(VERSIONS, BARE, BARE), at(VERSIONS, [VERSION], BARE), at(VERSIONS, [VERSION], HIDDEN), at(VERSIONS, [VERSION, {"name": "v2"}], [VERSION, {"name": "v2", "served": True}])],
    weight=2,
)  # fmt: skip
