"""The build of a project: which profiles in which environments, in parallel, from the cache, into `out/`."""
