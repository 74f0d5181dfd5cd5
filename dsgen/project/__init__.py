"""A project: its folder, `dsgen.yaml`, the files it names, and the presets it extends."""
