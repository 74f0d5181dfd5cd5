"""The version of dsgen."""

__version__ = "0.1.0"
