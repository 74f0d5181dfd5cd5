"""Build two wheels, the second with other presets and another version: a project with locked presets must not change by one byte."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
AGENTS = ("fluent-bit-to-loki", "vector", "node-exporter", "otel-collector", "alloy")
NEWER = "99.1"
PROJECT = 'kubernetes: "1.37"\nprofiles: [profiles/*.yaml]\n'
ENVIRONMENTS = {
    "staging": "all: {labels: {cluster: staging}}\n",
    "prod": "images: {mirrors: {docker.io: mirror.example.com}}\nall: {update: {maxUnavailable: 5%}}\n",
}


def other_wheel(wheel: Path, folder: Path) -> Path:
    """Return a wheel with the version `NEWER`, other images in all presets, and without the preset `alloy`."""
    path = folder / re.sub(r"-[^-]+-py3", f"-{NEWER}-py3", wheel.name)
    record = ""
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(path, "w") as new:
        before = wheel.name.split("-")[1]
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("/RECORD") or name == "dsgen/shipped/profiles/alloy.yaml":
                continue
            if name.startswith("dsgen/shipped/profiles/") and name.endswith(".yaml"):
                data = re.sub(rb"(image: \S+):[^\s,}]+", rb"\1:changed", data)
            if name == "dsgen/version.py":
                data = data.replace(before.encode(), NEWER.encode())
                assert NEWER.encode() in data
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(data)}\n"
            new.writestr(name, data)
        new.writestr(next(name for name in old.namelist() if name.endswith("/RECORD")), record)
    return path


class Dsgen:
    """dsgen as a wheel installs it, in a folder of its own, with the libraries of this environment."""

    def __init__(self, wheel: Path, folder: Path, work: Path) -> None:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-index",
        ]
        subprocess.run([*pip, "--target", folder, wheel], check=True)
        self._environment = {**os.environ, "PYTHONPATH": str(folder), "DSGEN_CACHE_DIR": str(folder / "cache")}
        self._work = work

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Return what a command prints. Raises AssertionError if it exits with another code."""
        command = [sys.executable, "-P", "-m", "dsgen", *arguments] if sys.version_info >= (3, 11) else [sys.executable, "-m", "dsgen", *arguments]  # fmt: skip
        done = subprocess.run(
            command, cwd=self._work, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below a folder, but not of the cache, which is not part of a project."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".dsgen-cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def main() -> None:
    """Raise AssertionError when a locked project changes, or an unlocked one does not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        build: list[str | Path] = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
        subprocess.run([*pip, *build], check=True)
        (wheel,) = folder.glob("dsgen_k8s-*.whl")
        work = folder / "work"
        for part in ("profiles", "environments"):
            (work / part).mkdir(parents=True)
        (work / "dsgen.yaml").write_text(PROJECT)
        for environment, text in ENVIRONMENTS.items():
            (work / f"environments/{environment}.yaml").write_text(text)
        for agent in AGENTS:
            (work / f"profiles/{agent}.yaml").write_text(f"extends: {agent}\nname: our-{agent}\n")
        first = Dsgen(wheel, folder / "first", work)
        second = Dsgen(other_wheel(wheel, folder), folder / "second", work)
        assert NEWER in second("--version"), second("--version")
        first("presets", "lock")
        first("generate")
        before = bytes_of(work)
        assert len({path.split("/")[2] for path in before if path.startswith("out/prod/our-")}) == len(AGENTS)

        second("generate", "--check")
        second("generate")
        assert bytes_of(work) == before, {path for path in before if bytes_of(work).get(path) != before[path]}

        outdated = second("presets", "outdated")
        assert outdated.count("\n") == len(AGENTS), (
            outdated
        )  # with the parent of fluent-bit-to-loki, which itself has no image
        assert "alloy  " in outdated, outdated
        assert "this version of dsgen does not have it" in outdated, outdated
        (work / "presets/lock.json").unlink()
        assert "out of date" in second("generate", "vector", "--check", code=1)
        print(
            f"a project with {len(AGENTS)} locked agents in {len(ENVIRONMENTS)} environments is the same by {wheel.name} and by {NEWER}"
        )


if __name__ == "__main__":
    main()
