"""The GitHub action, run as a runner runs it: with an event, an environment, and a server that speaks GitHub's API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROFILE = "name: agent\ncontainers: {main: {image: 'example.com/agent:1'}}\n"
WRONG = PROFILE.replace("image:", "imagge:")


class Api(BaseHTTPRequestHandler):
    """Comments of one pull request. `may_write` is whether the token has the permission."""

    comments: ClassVar[list[dict[str, Any]]] = []
    may_write: ClassVar[bool] = True

    def _answer(self, body: object, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        page = int(re.findall(r"page=(\d+)$", self.path)[0])
        self._answer(self.comments[(page - 1) * 100 : page * 100])

    def _write(self) -> None:
        assert self.headers["Authorization"] == "Bearer secret"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.may_write:
            self._answer({"message": "Resource not accessible by integration"}, 403)
        elif self.command == "POST":
            self.comments.append({"id": 1000 + len(self.comments), **body})
            self._answer({}, 201)
        else:
            number = int(self.path.rpartition("/")[2])
            next(each for each in self.comments if each["id"] == number).update(body)
            self._answer({})

    do_POST = do_PATCH = _write

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    Api.comments.clear()
    Api.may_write = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def git(repository: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(path: Path, folder: str = ".", **profiles: str) -> tuple[Path, str]:
    """Return a Git repository with a project in a folder of it, and its first commit."""
    project = path / folder
    (project / "profiles").mkdir(parents=True)
    (project / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name, text in profiles.items():
        (project / "profiles" / f"{name}.yaml").write_text(text)
    subprocess.run([sys.executable, "-m", "dsgen", "generate", "-q"], cwd=project, check=False, capture_output=True)
    git(path, "init", "-q")
    git(path, "add", "-A")
    git(path, "commit", "-qm", "first")
    return path, git(path, "rev-parse", "HEAD")


def run(path: Path, base: str, api: str, folder: str = ".", **inputs: str) -> tuple[int, str, str]:
    """Run the action for a pull request, and return its exit code, its output, and the summary of the job."""
    outside = path.parent
    event, summary = outside / "event.json", outside / "summary.md"
    event.write_text(json.dumps({"pull_request": {"number": 7, "base": {"sha": base}}} if base else {"ref": "main"}))
    summary.write_text("")
    stated = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    defaults = {name: str(each["default"]) for name, each in stated["inputs"].items()}
    asked = {**defaults, "directory": folder, "token": "secret", **{k.replace("_", "-"): v for k, v in inputs.items()}}
    step = stated["runs"]["steps"][1]
    environment = {name: asked[re.findall(r"inputs\.([\w-]+)", value)[0]] for name, value in step["env"].items()}
    environment |= {"GITHUB_EVENT_PATH": str(event), "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_API_URL": api}
    environment |= {"GITHUB_REPOSITORY": "o/r", "RUNNER_TEMP": str(outside / "temp"), "GITHUB_ACTION_PATH": str(ROOT)}
    python = outside / "temp" / "dsgen" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, summary.read_text()


def test_a_clean_repository(tmp_path: Path, api: str) -> None:
    path, base = repository(tmp_path / "r", agent=PROFILE)
    code, said, _ = run(path, base, api, comment="true")
    assert code == 0, said
    assert "::error" not in said
    assert [each["body"].splitlines()[0] for each in Api.comments] == ["<!-- dsgen -->"]


def test_output_that_is_out_of_date(tmp_path: Path, api: str) -> None:
    path, base = repository(tmp_path / "r", agent=PROFILE)
    (path / "profiles/agent.yaml").write_text(PROFILE.replace("agent:1", "agent:2"))
    code, said, _ = run(path, base, api)
    assert code == 1
    assert "file=out/agent/daemonset-agent.yaml" in said
    assert run(path, base, api, check_output="false")[0] == 0


def test_errors_in_a_subfolder(tmp_path: Path, api: str) -> None:
    """The paths of annotations and of the report are those in the repository."""
    path, base = repository(tmp_path / "r", "infra/agents", agent=PROFILE)
    (path / "infra/agents/profiles/agent.yaml").write_text(WRONG)
    code, said, _ = run(path, base, api, "infra/agents", sarif_file=str(tmp_path / "report.sarif"))
    assert code == 1
    files = re.findall(r"^::error file=([^,]+)", said, re.M)
    assert files
    assert all((path / each).is_file() for each in files)
    report = json.loads((tmp_path / "report.sarif").read_text("utf-8"))
    places = [each["locations"][0]["physicalLocation"] for each in report["runs"][0]["results"]]
    assert {each["artifactLocation"]["uri"] for each in places} == {"infra/agents/profiles/agent.yaml"}


def test_one_comment_that_is_updated(tmp_path: Path, api: str) -> None:
    path, base = repository(tmp_path / "r", agent=PROFILE)
    Api.comments += [{"id": number, "body": "hello"} for number in range(150)]
    for image in ("agent:2", "agent:3"):
        (path / "profiles/agent.yaml").write_text(PROFILE.replace("agent:1", image))
        code, said, summary = run(path, base, api, comment="true", check_output="false")
        assert code == 0, said
        ours = [each["body"] for each in Api.comments if each["body"].startswith("<!-- dsgen -->")]
        assert len(ours) == 1
        assert image in ours[0]
        assert image in summary


def test_without_permission_the_change_is_in_the_summary(tmp_path: Path, api: str) -> None:
    """As in a run for the pull request of a fork."""
    path, base = repository(tmp_path / "r", agent=PROFILE)
    (path / "profiles/agent.yaml").write_text(PROFILE.replace("agent:1", "agent:2"))
    Api.may_write = False
    code, said, summary = run(path, base, api, comment="true", check_output="false")
    assert code == 0
    assert "no permission to comment (403)" in said
    assert "agent:2" in summary


def test_a_shallow_checkout_is_explained(tmp_path: Path, api: str) -> None:
    path, _ = repository(tmp_path / "r", agent=PROFILE)
    code, said, _ = run(path, "0" * 40, api, comment="true")
    assert code == 2
    assert "fetch-depth: 0" in said


def test_a_push_has_no_comment(tmp_path: Path, api: str) -> None:
    path, _ = repository(tmp_path / "r", agent=PROFILE)
    code, said, _ = run(path, "", api, comment="true")
    assert code == 0
    assert "not a pull request" in said
    assert Api.comments == []


def test_the_action_installs_what_it_runs() -> None:
    """Its second step runs the Python of the first one."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    assert '-m pip install --quiet "$GITHUB_ACTION_PATH"' in steps[0]["run"]
    assert all('"$RUNNER_TEMP/dsgen/bin/python"' in step["run"] for step in steps)
