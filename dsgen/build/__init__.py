"""The build of a project: profiles by environment, rendered in parallel or taken from the cache, and written to `out/`."""
