"""A real Kubernetes control plane on loopback, without kubelets: objects are stored, admitted and scheduled, nothing runs.

python -m conformance.cluster        starts one and stops it with the command line's end (Ctrl-C)
"""

from __future__ import annotations

import json
import secrets
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from conformance.kubernetes_module import NEWEST, build

READY: Final = 60.0
CONTROLLERS: Final = (
    "daemonset-controller,serviceaccount-controller,serviceaccount-token-controller,namespace-controller"
)


@contextmanager
def running(minor: str = NEWEST, controllers: Sequence[str] = (), flags: Sequence[str] = ()) -> Iterator[Path]:
    """Start the control plane and return the path of its kubeconfig; it is gone at the end. Seconds, once it is built.

    `controllers` run besides the usual ones, and `flags` are more of the controller manager. Raises TimeoutError, with the last of the API server's log, when it does not come up.
    """
    program = build(Path(__file__).parent, "control-plane", minor)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        store, peers, port = _free_port(), _free_port(), _free_port()
        token = secrets.token_hex(16)
        _write_secrets(folder, token)
        kubeconfig = _write_kubeconfig(folder, port, token)

        def start(part: str, *flags: str) -> None:
            log = stack.enter_context((folder / f"{part}.log").open("wb"))
            stack.callback(_stop, subprocess.Popen([program, part, *flags], cwd=folder, stdout=log, stderr=log))

        start("etcd", *_etcd_flags(store, peers))
        start("apiserver", *_apiserver_flags(store, port))
        _wait(f"https://127.0.0.1:{port}/readyz", token, folder / "apiserver.log")
        common = ("--kubeconfig", "kubeconfig", "--leader-elect=false", "--secure-port", "0")
        quick = ("--kube-api-qps", "500", "--kube-api-burst", "1000")
        keys = ("--service-account-private-key-file", "key.pem")
        start(
            "controller-manager", *common, *quick, "--controllers", ",".join((CONTROLLERS, *controllers)), *keys, *flags
        )
        start("scheduler", *common)
        yield kubeconfig


def _etcd_flags(store: int, peers: int) -> list[str]:
    client, peer = f"http://127.0.0.1:{store}", f"http://127.0.0.1:{peers}"
    flags = {"listen-client-urls": client, "advertise-client-urls": client, "listen-peer-urls": peer}
    flags |= {"initial-advertise-peer-urls": peer, "initial-cluster": f"default={peer}", "data-dir": "data"}
    return ["--unsafe-no-fsync", *(part for name, value in flags.items() for part in (f"--{name}", value))]


def _apiserver_flags(store: int, port: int) -> list[str]:
    flags = {
        "etcd-servers": f"http://127.0.0.1:{store}",
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        # The server refuses to publish an endpoint on loopback.
        "endpoint-reconciler-type": "none",
        "secure-port": str(port),
        "cert-dir": "certs",
        "service-account-issuer": "https://local",
        "service-account-key-file": "key.pem",
        "service-account-signing-key-file": "key.pem",
        "token-auth-file": "tokens.csv",
        "authorization-mode": "RBAC",
        "service-cluster-ip-range": "10.0.0.0/24",
    }
    return ["--allow-privileged=true", *(part for name, value in flags.items() for part in (f"--{name}", value))]


def _write_secrets(folder: Path, token: str) -> None:
    subprocess.run(["openssl", "genrsa", "-out", "key.pem", "2048"], cwd=folder, check=True, capture_output=True)
    (folder / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n", encoding="utf-8")


def _write_kubeconfig(folder: Path, port: int, token: str) -> Path:
    server = {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "local", "cluster": server}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "local", "context": {"cluster": "local", "user": "admin"}}],
        "current-context": "local",
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config), encoding="utf-8")
    return file


def _wait(address: str, token: str, log: Path) -> None:
    # The server's certificate is its own; the token keeps others out, and the port is loopback's.
    context = ssl._create_unverified_context()
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    end = time.monotonic() + READY
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(request, context=context, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
