"""How the verdicts of other validators are read; the programs themselves are run by `python -m conformance.peers`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance.outcome import Outcome
from conformance.peers import accepted
from conformance.peers.__main__ import Row, by_validator, share, table_row, totals
from conformance.peers.kubeconform import verdicts


def check(paths: list[str]) -> Mapping[str, bool] | None:
    """Crash on `crash`, say nothing of `silent`, and accept `good`."""
    texts = {path: Path(path).read_text(encoding="utf-8") for path in paths}
    if "crash" in texts.values():
        return None
    return {path: text == "good" for path, text in texts.items() if text != "silent"}


def test_a_program_that_crashes_loses_only_the_text_on_which_it_does() -> None:
    texts = ["good", "bad", "crash", "silent", "good", "crash", "good"]
    assert list(accepted(check, texts)) == [True, False, None, False, True, None, True]


@pytest.mark.parametrize(
    ("statuses", "valid"),
    [
        (["statusValid"], True),
        (["statusInvalid"], False),
        (["statusError"], False),
        (["statusValid", "statusValid"], True),
        (["statusValid", "statusInvalid"], False),
        (["statusInvalid", "statusValid"], False),
        (["statusValid", ""], True),
        (["statusEmpty", "statusValid"], True),
        ([""], False),
    ],
)
def test_kubeconform_accepts_a_file_if_it_accepts_all_that_is_in_it(statuses: list[str], valid: bool) -> None:
    assert verdicts([{"filename": "a", "status": status} for status in statuses]) == {"a": valid}


def test_a_crash_agrees_with_neither_verdict() -> None:
    found: list[Row] = [(Outcome(""), (True, None)), (Outcome("strict"), (False, None))]
    assert table_row("Pod", found) == "| Pod | 2 | 1 | 100 % | 0.0 % |"
    assert by_validator(found)[1] == [(True, None), (False, None)]


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert share([True] * 9999 + [False]) == "99.9 %"
    assert share([True] * 3) == "100 %"


def test_all_kinds_together_are_counted_by_what_the_server_says() -> None:
    found: list[Row] = [(Outcome(""), (True,)), (Outcome("strict"), (True,)), (Outcome("validate"), (False,))]
    assert list(totals(found)) == [
        "| all | 3 | 2 | 66.6 % |",
        "| accepted by the server | 1 | 0 | 100 % |",
        "| refused by the server | 2 | 2 | 50.0 % |",
        "| refused by its rules | 1 | 1 | 100 % |",
    ]
