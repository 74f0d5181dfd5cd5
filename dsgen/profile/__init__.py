"""The profile language: the schema, one module per group of keys, and the forms of values."""
