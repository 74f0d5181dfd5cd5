"""What a change of manifests means for a cluster: which objects differ, which pods restart, and what is refused."""
