"""The types of the API: tables of fields, strict decoding, and the formats of single values."""
