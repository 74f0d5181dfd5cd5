"""The short forms: what may stand where Kubernetes wants a map, and the map that it stands for.

Each expands one type of the field tables. Whatever is written in Kubernetes' own form passes through unchanged.
"""

from dsgen.profile.shorthand import containers, nodes, references, rollout, services
from dsgen.profile.shorthand.form import SHORT_FORMS, ShortForm

__all__ = ["SHORT_FORMS", "ShortForm", "containers", "nodes", "references", "rollout", "services"]
