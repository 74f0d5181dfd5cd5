"""The effect of DaemonSets on the nodes of a cluster: where pods run, what they request, and how a change is rolled out."""
