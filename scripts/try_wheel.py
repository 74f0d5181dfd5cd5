"""Build the wheel, install it into an empty virtual environment, and use it outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from dsgen.shipped import starter

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Raise CalledProcessError or AssertionError when the wheel does not do what the README says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(ROOT)], check=True
        )
        (wheel,) = folder.glob("*.whl")
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
        work = folder / "work"
        work.mkdir()
        for arguments in (["init"], ["new", "my-exporter", "--from", "node-exporter"], ["validate", "--quiet"]):
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
        print(f"{wheel.name} works in an empty environment, outside the checkout")


if __name__ == "__main__":
    main()
