"""How well dsgen's verdict agrees with Kubernetes' own."""
