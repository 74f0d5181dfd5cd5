"""Build the wheel, install it into an empty virtual environment, and use it outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROFILE = "extends: node-exporter\nname: my-exporter\n"


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
        (work / "my-profile.yaml").write_text(PROFILE)
        made = subprocess.run(
            [python.with_name("dsgen"), "generate", "my-profile.yaml", "-o", "-"],
            cwd=work, check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert "kind: DaemonSet" in made.stdout, made.stdout
        assert "name: my-exporter" in made.stdout, made.stdout
        assert not made.stderr, made.stderr
        print(f"{wheel.name} works in an empty environment, outside the checkout")


if __name__ == "__main__":
    main()
