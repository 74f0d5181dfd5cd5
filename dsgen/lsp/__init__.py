"""The language server: what an editor asks about profiles and manifests while they are typed.

`server` speaks the protocol, with pygls, an optional dependency. The other modules know nothing of it: positions are lines and columns that
count from 0, in characters, and texts that are not saved yet are in `dsgen.reading.UNSAVED`.
"""
