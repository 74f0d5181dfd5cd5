"""The short forms: text or a list that may be written instead of a map, and the map that it means.

Each expands one type of the field tables. Kubernetes' own form passes through unchanged.
"""

from dsgen.profile.shorthand import containers, nodes, references, rollout, services
from dsgen.profile.shorthand.form import SHORT_FORMS, ShortForm

__all__ = ["SHORT_FORMS", "ShortForm", "containers", "nodes", "references", "rollout", "services"]
