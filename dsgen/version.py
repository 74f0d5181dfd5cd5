"""The version of dsgen."""

__version__ = "0.2.0"
