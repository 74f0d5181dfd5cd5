"""From one profile to its objects: render, apply overlays and GitOps settings, validate, write as text."""
