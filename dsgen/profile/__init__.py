"""What a profile may say: the schema, one module per group of keys, and the forms its values take."""
