"""What comes with a DaemonSet, as Kubernetes' objects. Loaded only for profiles that have companions."""
