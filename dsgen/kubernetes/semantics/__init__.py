"""What an object means to Kubernetes: defaults, feature gates, the normal form, differences and the effect of an update."""
