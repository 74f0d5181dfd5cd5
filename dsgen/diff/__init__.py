"""The effect of changed manifests on a cluster: which objects differ, which pods restart, and what is rejected."""
