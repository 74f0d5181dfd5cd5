"""A client of the control plane's API server, without the start of a kubectl for each request."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from conformance.case import Json

MERGE: Final = "application/merge-patch+json"
STRATEGIC: Final = "application/strategic-merge-patch+json"
DAY: Final = 86_400


class Api:
    """The API server of a kubeconfig that `running` wrote; each thread has its own connection."""

    def __init__(self, kubeconfig: Path) -> None:
        config = json.loads(kubeconfig.read_text(encoding="utf-8"))
        self._host = config["clusters"][0]["cluster"]["server"].removeprefix("https://")
        self._headers = {"Authorization": f"Bearer {config['users'][0]['user']['token']}"}
        self._own = threading.local()

    def __call__(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Json]:
        """Return the status of a request, and the object that comes back."""
        for attempt in (1, 2):
            connection = self._own.__dict__.setdefault("connection", self._connect())
            try:
                sent = None if body is None else json.dumps(body)
                connection.request(method, path, sent, {**self._headers, "Content-Type": kind})
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())
            except (http.client.HTTPException, OSError):
                connection.close()
                del self._own.connection
                if attempt == 2:
                    raise
        raise AssertionError

    def get(self, path: str) -> Json:
        """Return an object or a list. Raises RuntimeError if there is none."""
        return self.sure("GET", path)

    def sure(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Json:
        """Return what comes back. Raises RuntimeError if the server refuses."""
        status, said = self(method, path, body, kind)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {said.get('message')}")
        return said

    def watch(self, path: str) -> Iterator[tuple[str, Json]]:
        """Yield each change of the objects in a list, from now on: what is there already is `ADDED`. Ends with the server."""
        connection = self._connect(timeout=None)
        connection.request("GET", f"{path}?watch=true&timeoutSeconds={DAY}", headers=self._headers)
        try:
            for line in connection.getresponse():
                event = json.loads(line)
                yield event["type"], event["object"]
        except (http.client.HTTPException, OSError, ValueError):
            return
        finally:
            connection.close()

    def _connect(self, timeout: float | None = 60) -> http.client.HTTPSConnection:
        # The server's certificate is its own; the token keeps others out, and the port is loopback's.
        return http.client.HTTPSConnection(self._host, timeout=timeout, context=ssl._create_unverified_context())
