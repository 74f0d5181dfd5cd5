"""Sends recorded cases to a real API server: what was recorded as accepted it must accept, and the rest refuse. Nothing is stored.

python -m conformance.cluster.verdicts                             40 and 40 of each kind, 200 and 200 DaemonSets
python -m conformance.cluster.verdicts --kubeconfig FILE Secret    of some kinds, by a server that runs already
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.case import Json
from conformance.cluster import running
from conformance.kubernetes_module import NEWEST
from conformance.record import Recorded, load
from dsgen.kubernetes.validation.kinds import KINDS

WANTED: Final = 40
WANTED_OF_DAEMONSETS: Final = 200
# What else refuses an object that validation accepts: admission, which looks at other objects and at who asks, and what this cluster has.
ELSEWHERE: Final = (
    "is forbidden: ",
    "no PriorityClass",
    "namespaces ",
    "already exists",
    "not in the valid range",
    "on this cluster",
)


class Server:
    """An API server, by its kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text("utf-8"))
        self._address = config["clusters"][0]["cluster"]["server"]
        self._token = config["users"][0]["user"]["token"]
        # The server's certificate is its own, on loopback.
        self._context = ssl._create_unverified_context()
        self._plurals: dict[tuple[str, str], tuple[str, bool]] = {}

    def ask(
        self, path: str, body: bytes | None = None, type: str = "application/yaml", method: str | None = None
    ) -> tuple[int, Any]:
        """Send a request, and return the status and the answer."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        headers |= {"Content-Type": type} if body else {}
        request = urllib.request.Request(self._address + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, context=self._context, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def path(self, version: str, kind: str, namespace: str) -> str:
        """Return the path under which objects of a kind are created, without storing them."""
        above = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if (version, kind) not in self._plurals:
            for each in self.ask(above)[1].get("resources", ()):
                if "/" not in each["name"]:
                    self._plurals[version, each["kind"]] = (each["name"], each["namespaced"])
        plural, namespaced = self._plurals[version, kind]
        within = f"/namespaces/{namespace}" if namespaced else ""
        return f"{above}{within}/{plural}?dryRun=All&fieldValidation=Strict"

    def serves(self, version: str, kind: str) -> bool:
        """Return whether objects of a kind can be created in a version: by default, a server serves no beta versions."""
        try:
            self.path(version, kind, "")
        except (KeyError, ValueError, OSError):
            return False
        return True

    def has_namespace(self, name: str) -> None:
        """Create a namespace, unless it is there."""
        body = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}).encode()
        self.ask("/api/v1/namespaces", body, "application/json")


def cases(server: Server, kind: str) -> Iterator[tuple[Recorded, Json]]:
    """Yield recorded cases of new objects with their parsed texts: of those that are accepted and refused, some of each, in versions that a
    server serves.
    """
    wanted = WANTED_OF_DAEMONSETS if kind == "DaemonSet" else WANTED
    left = {True: wanted, False: wanted}
    for one in load(NEWEST, kind):
        if one.old is not None or not left[one.outcome.accepted] or one.outcome.stage not in ("", "strict", "validate"):
            continue
        try:
            root = yaml.safe_load(one.text)
        except yaml.YAMLError:
            continue
        metadata = root.get("metadata") if isinstance(root, dict) else None
        if isinstance(metadata, dict) and root.get("kind") == kind and server.serves(str(root.get("apiVersion")), kind):
            left[one.outcome.accepted] -= 1
            yield one, root


def compare(server: Server, kind: str) -> tuple[int, list[str]]:
    """Return how many cases were asked, and a line for each that the server decides otherwise."""
    asked, wrong = 0, []
    for one, root in cases(server, kind):
        namespace = root["metadata"].get("namespace")
        namespace = namespace if isinstance(namespace, str) and namespace else "default"
        if one.outcome.accepted:
            server.has_namespace(namespace)
        try:
            path = server.path(str(root.get("apiVersion")), kind, namespace)
            status, said = server.ask(path, one.text.encode())
        except (KeyError, ValueError, UnicodeEncodeError, OSError):
            continue  # no address of a request
        asked += 1
        message = str(said.get("message", ""))
        accepted = status < 300
        if one.outcome.accepted:
            agrees = accepted or any(each in message for each in ELSEWHERE)
        else:
            # The server itself drops managed fields that are wrong, before it validates the object.
            agrees = not accepted or all("managedFields" in field for _, field in one.outcome.findings)
        if not agrees:
            wrong.append(
                f"{kind} {' + '.join(one.case.tags)}: recorded {one.outcome}, the server says {status} {message[:300]}"
            )
    return asked, wrong


def main() -> int:
    """Compare and print; return 1 if something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--kubeconfig", type=Path)
    chosen = parser.parse_args()
    differing = 0
    with nullcontext(chosen.kubeconfig) if chosen.kubeconfig else running() as kubeconfig:
        server = Server(kubeconfig)
        version = server.ask("/version")[1]
        for kind in chosen.kinds or [each.name for each in KINDS.values() if not each.custom]:
            asked, wrong = compare(server, kind)
            differing += len(wrong)
            print("\n".join([f"{kind}: {asked} cases, {len(wrong)} differ", *wrong]), flush=True)
        print(f"the server is of Kubernetes {version['major']}.{version['minor']}")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
