"""All companion objects of a profile, in the order in which they are applied."""

from __future__ import annotations

from dsgen.resolve.companions.companion import Companion, DescribedAgent
from dsgen.resolve.companions.config_maps import checksums, config_maps
from dsgen.resolve.companions.network import network_policy, pod_monitor, service
from dsgen.resolve.companions.rbac import namespace, priority_class, service_account
from dsgen.resolve.companions.references import check_keys
from dsgen.tree import Map


def companions(agent: DescribedAgent) -> tuple[list[Companion], Map]:
    """Return the companions, and the annotations that they add to the pods. Problems are passed to `agent.report`."""
    data = list(config_maps(agent))
    check_keys(agent, data)
    made = [
        *namespace(agent),
        *priority_class(agent),
        *service_account(agent),
        *data,
        *network_policy(agent),
        *service(agent),
        *pod_monitor(agent),
    ]
    return made, checksums(agent, data)
