"""A project: its folder, `dsgen.yaml`, the files that it refers to, and the presets."""
