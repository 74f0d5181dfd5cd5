"""The steps of the GitHub action, with the standard library and dsgen: the inputs are environment variables, see `action.yml`.

The exit code is 1 if a step found errors, and 2 if one could not run. What cannot be commented is written to the summary of the job instead: a
run for a fork's pull request has no permission to comment.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- dsgen -->"
TITLE = "### dsgen: what this does to the pods"
# GitHub shows at most so many comments at once.
PAGE = 100


def main() -> int:
    """Run the steps, and return the highest exit code."""
    folder = os.environ.get("DSGEN_DIRECTORY") or "."
    files = shlex.split(os.environ.get("DSGEN_ARGUMENTS", ""))
    codes = [_dsgen(folder, "validate", *files, "--format", "github").returncode]
    report = os.environ.get("DSGEN_SARIF_FILE")
    if report:
        Path(report).write_text(_dsgen(folder, "validate", *files, "--format", "sarif", shown=False).stdout, "utf-8")
    if _is_on("DSGEN_CHECK_OUTPUT"):
        codes.append(_dsgen(folder, "generate", "--check", "--format", "github").returncode)
    if _is_on("DSGEN_COMMENT"):
        codes.append(comment(folder))
    return max(codes)


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() == "true"


def _dsgen(folder: str, *words: str, shown: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dsgen", "-C", folder, *words]
    # Messages go to the log of the job, and problems to the runner, which reads them from standard output.
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if shown:
        print(done.stdout, end="", flush=True)
    return done


def comment(folder: str) -> int:
    """Write the effect of the pull request to its comment, and return 0, or 2 if it cannot be determined."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    pull = event.get("pull_request")
    if not isinstance(pull, dict):
        print("::notice title=dsgen::not a pull request: nothing to comment on")
        return 0
    done = _dsgen(folder, "diff", pull["base"]["sha"], ".", "--format", "markdown", shown=False)
    if done.returncode > 1:
        print("::error title=dsgen::cannot compare with the base branch: check out with `fetch-depth: 0`")
        return 2
    text = "\n\n".join((MARK, TITLE, done.stdout.strip() or "Nothing changes."))
    try:
        _upsert(int(pull["number"]), text)
    except urllib.error.HTTPError as error:
        if error.code not in (401, 403, 404):
            raise
        print(f"::notice title=dsgen::no permission to comment ({error.code}); the change is in the job summary")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    return 0


def _upsert(pull: int, text: str) -> None:
    """Update the comment of an earlier run, or write the first one."""
    home = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    number, page = 0, 1
    while not number:
        found = _ask("GET", f"{home}/{pull}/comments?per_page={PAGE}&page={page}")
        number = next((each["id"] for each in found if str(each.get("body", "")).startswith(MARK)), 0)
        if len(found) < PAGE:
            break
        page += 1
    if number:
        _ask("PATCH", f"{home}/comments/{number}", {"body": text})
    else:
        _ask("POST", f"{home}/{pull}/comments", {"body": text})


def _ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    address = os.environ.get("GITHUB_API_URL", "https://api.github.com") + path
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {os.environ.get('DSGEN_TOKEN', '')}",
        "Content-Type": "application/json",
    }
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
