"""What a run will do to a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dsgen.build.output import index
from dsgen.build.output.changes import FolderChanges, folder_changes
from dsgen.build.output.folder import Folder, look
from dsgen.build.output.index import Index, digest

OLD, NEW = b"old\n", b"new\n"
MADE = {"a.yaml": NEW, "b.yaml": NEW}


def folder(found: Mapping[str, bytes | None], written: Mapping[str, bytes]) -> Folder:
    """Return a folder that holds `found`, in which dsgen wrote `written`."""
    return Folder(
        "out/one",
        True,
        "profiles/one.yaml",
        {name: frozenset([digest(data)]) for name, data in written.items()},
        {name: digest(data) if data is not None else None for name, data in found.items()},
    )


def planned(there: Folder, made: Mapping[str, bytes] = MADE, force: bool = False) -> FolderChanges:
    return folder_changes(there, "profiles/one.yaml", made, force)


def codes(todo: FolderChanges) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in todo.conflicts]


def test_a_new_folder() -> None:
    todo = planned(Folder("out/one"))
    assert (todo.new, todo.writes, todo.missing) == (True, MADE, frozenset(MADE))
    assert index.parse(todo.index_text or b"").files == {name: digest(NEW) for name in MADE}


def test_nothing_to_do() -> None:
    there = folder(MADE, MADE)
    text = index.to_text(Index(there.profile, {name: digest(NEW) for name in MADE}))
    todo = planned(there._replace(index_text=text))
    assert (todo.is_done, todo.same) == (True, ("a.yaml", "b.yaml"))


def test_what_dsgen_wrote_is_overwritten_and_removed() -> None:
    old = {"a.yaml": OLD, "b.yaml": NEW, "c.yaml": OLD}
    todo = planned(folder(old, old))
    assert (todo.writes, todo.removals, todo.same, codes(todo)) == ({"a.yaml": NEW}, ("c.yaml",), ("b.yaml",), [])


def test_what_is_gone_is_written_again_and_not_removed() -> None:
    todo = planned(folder({"b.yaml": NEW}, {"a.yaml": OLD, "b.yaml": NEW, "c.yaml": OLD}))
    assert (todo.writes, todo.missing, todo.removals) == ({"a.yaml": NEW}, frozenset(["a.yaml"]), ())


def test_a_foreign_file_with_the_right_content_is_adopted() -> None:
    todo = planned(folder(MADE, {}))
    assert (todo.writes, codes(todo), todo.index_differs) == ({}, [], True)


@pytest.mark.parametrize(
    ("found", "written", "made", "conflict"),
    [
        pytest.param({"a.yaml": OLD}, {}, MADE, ("a.yaml", "foreign-file"), id="foreign"),
        pytest.param({"a.yaml": b"mine\n"}, {"a.yaml": OLD}, MADE, ("a.yaml", "changed-file"), id="changed"),
        pytest.param({"c.yaml": b"mine\n"}, {"c.yaml": OLD}, MADE, ("c.yaml", "changed-file"), id="to be removed"),
        pytest.param({"c.yaml": b"mine\n"}, {"c.yaml": OLD}, {}, ("c.yaml", "changed-file"), id="of no profile"),
    ],
)
def test_what_is_not_dsgens_is_left_alone(
    found: dict[str, bytes], written: dict[str, bytes], made: dict[str, bytes], conflict: tuple[str, str]
) -> None:
    there = folder(found, written)
    assert codes(planned(there, made)) == [(f"out/one/{conflict[0]}", conflict[1])]
    forced = planned(there, made, force=True)
    assert not codes(forced)
    assert conflict[0] in {*forced.writes, *forced.removals}


def test_a_link_is_never_written_over() -> None:
    there = folder({"a.yaml": None}, {"a.yaml": OLD})
    for force in (False, True):
        assert codes(planned(there, force=force)) == [("out/one/a.yaml", "foreign-file")]


def test_with_force_what_is_no_file_any_more_is_forgotten() -> None:
    there = folder({"c.yaml": None}, {"c.yaml": OLD})
    assert codes(planned(there)) == [("out/one/c.yaml", "foreign-file")]
    forced = planned(there, force=True)
    assert (codes(forced), forced.removals) == ([], ())


def test_what_a_killed_run_wrote_is_dsgens() -> None:
    there = folder({"a.yaml": b"between\n"}, {"a.yaml": OLD})
    between = frozenset([digest(OLD), digest(b"between\n")])
    assert codes(planned(there))
    assert not codes(planned(there._replace(written={"a.yaml": between})))


def test_upper_and_lower_case_make_no_two_files() -> None:
    assert codes(planned(Folder("out/one"), {"role-a.yaml": NEW, "role-A.yaml": NEW})) == [
        ("out/one", "case-collision")
    ]


class TestLooking:
    def test_at_nothing(self, tmp_path: Path) -> None:
        assert look(f"{tmp_path}/one") == Folder(f"{tmp_path}/one")

    @pytest.mark.parametrize("link", [True, False])
    def test_at_what_is_no_folder(self, tmp_path: Path, link: bool) -> None:
        path = tmp_path / "one"
        if link:
            (tmp_path / "elsewhere").mkdir()
            path.symlink_to("elsewhere")
        else:
            path.write_text("x")
        todo = planned(look(str(path)), force=True)
        assert codes(todo) == [(str(path), "invalid-output-folder")]

    def test_at_what_is_no_index(self, tmp_path: Path) -> None:
        (tmp_path / index.NAME).mkdir()
        for force in (False, True):
            assert codes(planned(look(str(tmp_path), force=force))) == [(f"{tmp_path}/{index.NAME}", "invalid-index")]

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").symlink_to("/etc/passwd")
        assert look(str(tmp_path), ["a.yaml"]).found == {"a.yaml": None}

    def test_line_ends_of_windows(self, tmp_path: Path) -> None:
        text = index.to_text(Index("profiles/one.yaml", {name: digest(NEW) for name in MADE}))
        for name, data in {**MADE, index.NAME: text}.items():
            (tmp_path / name).write_bytes(data.replace(b"\n", b"\r\n"))
        assert planned(look(str(tmp_path), MADE)).is_done
