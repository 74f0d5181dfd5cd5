"""Manifests as they are found, turned into profiles: what `dsgen generate` turns back into the same objects."""
