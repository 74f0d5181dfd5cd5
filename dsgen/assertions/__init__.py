"""Tests of a project's own: what its profiles must generate."""
