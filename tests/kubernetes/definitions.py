"""CustomResourceDefinitions for tests: a test states the schema that it is about."""

from __future__ import annotations

from textwrap import indent


def definition(schema: str, kind: str = "Thing") -> str:
    """Return the definition of a kind of example.com; its schema is in block style, or in one line of flow style."""
    name = kind.lower()
    written = f" {schema}\n" if schema.startswith("{") else f"\n{indent(schema, ' ' * 8)}"
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {name}s.example.com}}
spec:
  group: example.com
  names: {{kind: {kind}, plural: {name}s, singular: {name}, listKind: {kind}List}}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:{written}"""
