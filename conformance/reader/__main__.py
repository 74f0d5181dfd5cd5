"""Build the reader."""

from conformance.reader import build

print(build())
