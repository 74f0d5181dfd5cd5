"""On which nodes pods run: placement, sets of nodes, pools, requests and rollouts."""
