"""Jinja2 with support for YAML: from a description and a template to a tree and its text."""
