"""What Kubernetes says of a manifest, with no cluster. Knows nothing of profiles: usable alone on any YAML."""
