"""Kubernetes' long form in the words of the profile language."""
