"""Build the wheel, or take the given one, install it into an empty virtual environment, and use it outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from dsgen.project.shipped import starter

ROOT = Path(__file__).parent.parent


def other_project(folder: Path) -> Path:
    """Write a wheel that is called `dsgen`, as another project's on PyPI is, and has a package of that name; return its path."""
    metadata = "dsgen-2.0.dist-info"
    files = {
        "dsgen/__init__.py": "__version__ = '2.0'\n",
        f"{metadata}/METADATA": "Metadata-Version: 2.1\nName: dsgen\nVersion: 2.0\n",
        f"{metadata}/WHEEL": "Wheel-Version: 1.0\nGenerator: dsgen\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{metadata}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{metadata}/RECORD"])
    path = folder / "dsgen-2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return path


def try_beside_the_other_project(python: Path, wheel: Path, other: Path) -> None:
    """Raise AssertionError when dsgen does not say that the other project is there, or the remedy is none."""

    def pip(*words: str | Path) -> None:
        subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", *words], check=True)

    def version() -> subprocess.CompletedProcess[str]:
        return subprocess.run([python.with_name("dsgen"), "--version"], capture_output=True, text=True, check=False)

    for first, second in ((wheel, other), (other, wheel)):
        pip("uninstall", "--yes", "dsgen-k8s")
        for each in (first, second):
            pip("install", "--no-index", each)
        said = version()
        assert said.returncode == 2, said
        assert "dsgen-2.0.dist-info belongs to another distribution" in said.stderr, said
        pip("uninstall", "--yes", "dsgen", "dsgen-k8s")
        pip("install", "--no-index", wheel)
        assert version().returncode == 0, version()


def main() -> None:
    """Raise CalledProcessError or AssertionError when the wheel does not do what the README says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sys.argv[1:]:
            wheel = Path(sys.argv[1]).resolve()
        else:
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
            (wheel,) = folder.glob("dsgen_k8s-*.whl")
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
        work = folder / "work"
        work.mkdir()
        new = ["new", "my-exporter", "--from", "node-exporter"]
        for arguments in (["init"], new, ["presets", "lock"], ["validate", "--quiet"], ["explain", "duplicate-key"]):
            subprocess.run([python.with_name("dsgen"), *arguments], cwd=work, check=True)
        made = subprocess.run(
            [python.with_name("dsgen"), "generate", "-o", "-"], cwd=work, check=True, capture_output=True, text=True
        )
        for name in ("first-agent", "my-exporter"):
            assert f"kind: DaemonSet\nmetadata:\n  name: {name}\n" in made.stdout, made.stdout
        assert not made.stderr, made.stderr
        (work / "pools.yaml").write_text("pools: {general: {count: 3}}")
        subprocess.run(
            [python.with_name("dsgen"), "plan", "--nodes", "pools.yaml", "--html", "plan.html", "--format", "json"],
            cwd=work,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        assert "on 3 nodes" in (work / "plan.html").read_text("utf-8")
        there = {path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file()}
        assert there >= set(starter()), there
        try_beside_the_other_project(python, wheel, other_project(folder))
        print(f"{wheel.name} works in an empty environment, outside the checkout")


if __name__ == "__main__":
    main()
