"""Compiled templates are kept where only the user can read and write them, and are never a reason to fail."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from dsgen.plain import plain
from dsgen.project import shipped
from dsgen.rendering.bytecode import bytecode_cache
from dsgen.rendering.template import Loader, Renderer
from tests.rendering.test_shipped import context

PROJECT = Path("/nowhere")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def render() -> object:
    result = Renderer(Loader(shipped.templates()), bytecode_cache(PROJECT)).render("daemonset.yaml.j2", context())
    assert not result.problems
    return plain(result.tree)


def kept(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and path.name != "secret"]


def test_a_template_is_compiled_once(home: Path) -> None:
    first = render()
    (file,) = kept(home)
    before = file.stat().st_mtime_ns
    assert render() == first
    assert file.stat().st_mtime_ns == before


def test_the_folder_is_private(home: Path) -> None:
    render()
    (file,) = kept(home)
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_folder_that_others_can_use_is_not_used(home: Path, mode: int) -> None:
    render()
    (file,) = kept(home)
    file.parent.chmod(mode)
    assert bytecode_cache(PROJECT) is None
    render()


def test_a_link_is_not_used(home: Path, tmp_path: Path) -> None:
    render()
    (file,) = kept(home)
    file.parent.rename(tmp_path / "elsewhere")
    file.parent.symlink_to(tmp_path / "elsewhere")
    assert bytecode_cache(PROJECT) is None


def test_where_no_folder_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert bytecode_cache(PROJECT) is None
    render()


@pytest.mark.parametrize("damage", [b"", b"garbage", "half", "tail", "unsigned"])
def test_a_damaged_file_is_compiled_anew(home: Path, damage: bytes | str) -> None:
    first = render()
    (file,) = kept(home)
    data = file.read_bytes()
    parts = {"half": data[: len(data) // 2], "tail": data[:60], "unsigned": data.partition(b"\n")[2]}
    file.write_bytes(damage if isinstance(damage, bytes) else parts[damage])
    assert render() == first
    assert file.read_bytes() == data


@pytest.mark.long
def test_every_byte_is_signed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python may crash on code of which a bit is another: none is loaded."""
    first = render()
    (file,) = kept(home)
    data = file.read_bytes()
    loaded: list[bytes] = []
    real = jinja2.bccache.Bucket.bytecode_from_string

    def load(self: jinja2.bccache.Bucket, data: bytes) -> None:
        loaded.append(data)
        real(self, data)

    monkeypatch.setattr(jinja2.bccache.Bucket, "bytecode_from_string", load)
    assert render() == first
    assert len(loaded) == 1
    for place in range(0, len(data), max(1, len(data) // 50)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert render() == first
    assert len(loaded) == 1


def test_what_is_signed_for_one_template_is_not_another(home: Path) -> None:
    render()
    (file,) = kept(home)
    other = file.with_name("0" * 40)
    other.write_bytes(file.read_bytes())
    cache = bytecode_cache(PROJECT)
    assert cache is not None
    bucket = jinja2.bccache.Bucket(jinja2.Environment(autoescape=True), other.name, "")
    cache.load_bytecode(bucket)
    assert bucket.code is None
