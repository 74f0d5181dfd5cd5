"""Strict decoding of every kind, compared with Kubernetes' own code."""
