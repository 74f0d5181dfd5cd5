"""What DaemonSets mean for the nodes of a cluster: where their pods run, what they take, and how a change reaches them."""
