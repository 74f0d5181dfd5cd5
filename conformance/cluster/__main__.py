"""Run a control plane until the user ends it."""

import contextlib
import time

from conformance.cluster import running

with running() as kubeconfig, contextlib.suppress(KeyboardInterrupt):
    print(f"export KUBECONFIG={kubeconfig}", flush=True)
    while True:
        time.sleep(3600)
