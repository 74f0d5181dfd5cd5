"""From one profile to the objects that leave dsgen: render, apply overlays and GitOps settings, validate, seal."""
