"""Jinja2 that knows YAML: from a description and a template to a tree and its text."""
