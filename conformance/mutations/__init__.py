"""Mutations aimed at the API server's rules: for each, values just inside and just outside what it allows.

One module a concept, as in `dsgen/kubernetes/admission`. A module fills the catalogue `ROWS` when imported.
"""
