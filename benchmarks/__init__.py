"""How fast dsgen is: ratios against Helm and kubeconform, in one run on one machine."""
