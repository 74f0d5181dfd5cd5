"""The files of the playground: all that it needs, without parts in C, and known to its service worker."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from scripts.site.playground import PYODIDE, SOURCE, write


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "dsgen_k8s-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dsgen/version.py", "1")
        archive.writestr("dsgen_k8s-1.0.dist-info/METADATA", "")
    return path


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in PYODIDE:
        (folder / name).write_text(name, "utf-8")
    lock = {"info": {"version": "1"}, "packages": {"numpy": {"file_name": "https://example.com/numpy.whl"}}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    return folder


def test_packages_have_no_parts_in_c(tmp_path: Path, wheel: Path, pyodide: Path) -> None:
    write(tmp_path / "out", wheel, pyodide)
    with zipfile.ZipFile(tmp_path / "out/packages.zip") as archive:
        names = set(archive.namelist())
    assert {"bridge.py", "dsgen/version.py", "yaml/__init__.py", "markupsafe/_native.py", "click/core.py"} <= names
    assert [name for name in names if not name.endswith(".py")] == []


def test_the_service_worker_keeps_every_file(tmp_path: Path, wheel: Path, pyodide: Path) -> None:
    write(tmp_path / "out", wheel, pyodide)
    worker = (tmp_path / "out/service-worker.js").read_text("utf-8")
    listed = json.loads(re.findall(r"^const FILES = (.*);$", worker, re.MULTILINE)[0])
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert set(listed) == files - {"service-worker.js"}
    assert {"index.html", "app.js", "packages.zip", "pyodide/pyodide.asm.wasm", "examples/faulty.yaml"} <= files


def test_other_files_have_another_name_in_the_cache(tmp_path: Path, wheel: Path, pyodide: Path) -> None:
    workers = []
    for change in ("", "", "changed"):
        (pyodide / "python_stdlib.zip").write_text(change, "utf-8")
        write(tmp_path / "out", wheel, pyodide)
        workers.append((tmp_path / "out/service-worker.js").read_bytes())
    assert workers[0] == workers[1] != workers[2]
    assert b"DIGEST" not in workers[0]


def test_pyodide_has_no_packages_of_another_host(tmp_path: Path, wheel: Path, pyodide: Path) -> None:
    write(tmp_path / "out", wheel, pyodide)
    lock = json.loads((tmp_path / "out/pyodide/pyodide-lock.json").read_bytes())
    assert lock == {"info": {"version": "1"}, "packages": {}}


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.js")), ids=lambda path: path.name)
def test_nothing_that_one_types_can_become_html(path: Path) -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setHTML|DOMParser"
    assert re.findall(unsafe, path.read_text("utf-8")) == []
