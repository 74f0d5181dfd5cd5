"""Mutations of the kinds that come with a DaemonSet: modules called like those of their rules."""
