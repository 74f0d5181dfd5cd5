"""Success policies of jobs."""

from conformance.case import Json
from conformance.mutations.row import DROP, changes, each_of

INDEXED: Json = {"J.completionMode": "Indexed", "J.completions": 5, "J.parallelism": DROP, "J.maxFailedIndexes": DROP}


def _policies(*rules: Json) -> list[Json]:
    """Return jobs, each with one rule."""
    return [{**INDEXED, "J.successPolicy": {"rules": [rule]}} for rule in rules]


changes(
    "success-rules",
    [{**INDEXED, "J.successPolicy": {"rules": [{"succeededCount": 1}] * count}} for count in (1, 20)],
    [{**INDEXED, "J.successPolicy": policy} for policy in each_of({}, {"rules": []}, {"rules": None}, {"rules": [{"succeededCount": 1}] * 21}, {"rules": [{}]}, {"rules": [None]})]
    + [{"J.completionMode": mode, "J.backoffLimitPerIndex": DROP, "J.maxFailedIndexes": DROP, "J.successPolicy": {"rules": rules}} for mode in (DROP, "NonIndexed", "x") for rules in ([], [{"succeededCount": 1}])],
    2,
)  # fmt: skip
changes(
    "success-indexes",
    _policies(*({"succeededIndexes": text} for text in ("", "0", "4", "0-4", "0,2-4", "+1", "00,1", "-0"[1:], "0,1,2,3,4"))),
    _policies(*({"succeededIndexes": text} for text in ("5", "0-5", "2-1", "1-1", "1,0", "0,0", "0-2,2", "a", "0,", ",", "-1", "0-1-2", " 0", "0;1", "1e0", "99999999999999999999", "0-", "1--2", "0," * 33000))),
    4,
)  # fmt: skip
changes(
    "success-count",
    _policies({"succeededCount": 0}, {"succeededCount": 5}, {"succeededCount": 3, "succeededIndexes": "0-2"}, {"succeededCount": 0, "succeededIndexes": ""}),
    _policies({"succeededCount": 6}, {"succeededCount": -1}, {"succeededCount": 4, "succeededIndexes": "0-2"}, {"succeededCount": 1, "succeededIndexes": ""}, {"succeededCount": 1, "succeededIndexes": "x"}, {"succeededCount": 9, "succeededIndexes": "0"}, {"succeededCount": None}),
    3,
)  # fmt: skip
