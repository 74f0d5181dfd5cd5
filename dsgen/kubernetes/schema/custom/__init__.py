"""The schemas in CustomResourceDefinitions, and what they say of an object: its fields, their types and their values."""
