"""The specs of StatefulSets, apart from what other controllers have too."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.companions import stateful_set
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

FRAME = """{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {selector: {matchLabels: {app: a}}, *,
    template: {metadata: {labels: {app: a}}, spec: {POD}}}}"""
CONTAINERS = "containers: [{name: a, image: a}]"
SPEC = FRAME.replace("POD", CONTAINERS)
STRATEGY = SPEC.replace("*", "updateStrategy: *")
CLAIMS = SPEC.replace("*", "volumeClaimTemplates: [{metadata: {name: data}, spec: *}]")
CLAIM = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"

ROWS = [
    *table(
        SPEC,
        """
        invalid-pod-management-policy | podManagementPolicy: Parallel | podManagementPolicy: parallel | Invalid spec.podManagementPolicy
        invalid-pod-management-policy | podManagementPolicy: '' | podManagementPolicy: Ordered | Invalid spec.podManagementPolicy
        invalid-service-name-of-set | serviceName: <63> | serviceName: <64> | Invalid spec.serviceName
        invalid-service-name-of-set | serviceName: '' | serviceName: a.b | Invalid spec.serviceName
        invalid-claim-retention-policy | persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete} | persistentVolumeClaimRetentionPolicy: {whenDeleted: delete} | NotSupported spec.persistentVolumeClaimRetentionPolicy.whenDeleted
        invalid-claim-retention-policy | persistentVolumeClaimRetentionPolicy: {} | persistentVolumeClaimRetentionPolicy: {whenScaled: Keep} | NotSupported spec.persistentVolumeClaimRetentionPolicy.whenScaled
        out-of-range-first-ordinal | ordinals: {start: 0} | ordinals: {start: -1} | Invalid spec.ordinals.start
        ineffective-revision-history-limit | revisionHistoryLimit: 0 | revisionHistoryLimit: -1 | Warning spec.revisionHistoryLimit
        out-of-range-replicas | replicas: 0 | replicas: -1 | Invalid spec.replicas
        """,
    ),
    *table(
        STRATEGY,
        """
        invalid-stateful-set-strategy | {type: OnDelete} | {type: Recreate} | Invalid spec.updateStrategy
        invalid-stateful-set-strategy | {type: ''} | {type: onDelete, rollingUpdate: {partition: -1}} | Invalid spec.updateStrategy
        forbidden-stateful-set-rolling-update | {type: OnDelete, rollingUpdate: null} | {type: OnDelete, rollingUpdate: {}} | Invalid spec.updateStrategy.rollingUpdate
        out-of-range-partition | {rollingUpdate: {partition: 0}} | {rollingUpdate: {partition: -1}} | Invalid spec.updateStrategy.rollingUpdate.partition
        invalid-stateful-set-max-unavailable | {rollingUpdate: {maxUnavailable: 1}} | {rollingUpdate: {maxUnavailable: 0}} | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable
        invalid-stateful-set-max-unavailable | {rollingUpdate: {maxUnavailable: 100%}} | {rollingUpdate: {maxUnavailable: 101%}} | Invalid spec.updateStrategy.rollingUpdate.maxUnavailable
        """,
    ),
    *table(
        CLAIMS,
        """
        missing-volume-claim-access-modes | CLAIM | {resources: {requests: {storage: 1Gi}}} | Required spec.volumeClaimTemplates[0].spec.accessModes
        fractional-volume-claim-storage | CLAIM | {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1500m}}} | Warning spec.volumeClaimTemplates[0].resources.requests[storage]
        """.replace("CLAIM", CLAIM),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, stateful_set) == {"changed-stateful-set"}


def test_max_unavailable_is_dropped_before_1_37() -> None:
    text = fill(STRATEGY, "{rollingUpdate: {maxUnavailable: 0}}")
    assert {each.code for each in validate(read_first(text).root, "1.36")} == {"dropped-field"}
    assert said(text) == {
        "invalid-stateful-set-max-unavailable Invalid spec.updateStrategy.rollingUpdate.maxUnavailable"
    }


def test_claims_are_validated_since_1_34() -> None:
    text = fill(CLAIMS, "{}")
    assert said(text, "1.33") == set()
    assert len(said(text, "1.34")) == 2


def test_volumes_are_counted_behind_those_of_the_claims() -> None:
    pod = CONTAINERS + ", volumes: [{name: data, hostPath: {path: ''}}, {name: b, hostPath: {path: ''}}]"
    text = fill(CLAIMS.replace(CONTAINERS, pod), CLAIM)
    assert said(text) == {"missing-volume-source-field Required spec.template.spec.volumes[1].hostPath.path"}
    named = text.replace("metadata: {name: data}, spec", "metadata: {name: A}, spec")
    assert "invalid-volume-name Invalid spec.template.spec.volumes[0].name" in said(named)


def test_some_fields_of_pods_are_validated_even_if_the_selector_is_wrong() -> None:
    pod = "restartPolicy: Never, activeDeadlineSeconds: 5, containers: []"
    text = fill(FRAME.replace("POD", pod), "replicas: 1").replace("matchLabels: {app: a}", "matchLabels: {app: -}", 1)
    assert said(text) == {
        "invalid-selector Invalid spec.selector.matchLabels",
        "invalid-selector Invalid spec.selector",
        "invalid-restart-policy NotSupported spec.template.spec.restartPolicy",
        "forbidden-active-deadline-seconds Forbidden spec.template.spec.activeDeadlineSeconds",
    }


def updated(old: str, new: str, minor: str = "1.37") -> set[str]:
    problems = validate_update(read_first(old).root, read_first(new).root, minor)
    return {f"{each.code} {each.type} {each.field}".strip() for each in problems}


@pytest.mark.parametrize(("old", "new", "field"), [
    ("serviceName: a", "serviceName: b", "serviceName"),
    ("podManagementPolicy: Parallel", "replicas: 1", "podManagementPolicy"),
    (f"volumeClaimTemplates: [{{metadata: {{name: a}}, spec: {CLAIM}}}]", "volumeClaimTemplates: []", "volumeClaimTemplates"),
])  # fmt: skip
def test_what_cannot_be_changed(old: str, new: str, field: str) -> None:
    before, after = fill(SPEC, old), fill(SPEC, new)
    assert updated(before, before) == set()
    assert updated(before, after) == {f"changed-stateful-set Invalid spec.{field}"}
    assert updated(before, after, "1.36") == {"changed-stateful-set Forbidden spec"}


def test_what_can_be_changed() -> None:
    old = fill(SPEC, "serviceName: A_")
    for new in ("replicas: 3", "minReadySeconds: 1", "ordinals: {start: 1}", "revisionHistoryLimit: 1"):
        assert updated(old, fill(SPEC, f"serviceName: A_, {new}")) == set()
    other = old.replace("matchLabels: {app: a}", "matchExpressions: [{key: app, operator: Exists}]", 1)
    assert updated(old, other) == {"changed-stateful-set Invalid spec.selector"}
    assert updated(old, old.replace("matchLabels: {app: a}", "matchLabels: {app: a}, matchExpressions: []", 1)) == set()


def test_broken_pods_may_stay_broken() -> None:
    """Since 1.34, an update is not asked for the pods of a StatefulSet that is wrong already."""
    broken = fill(FRAME.replace("POD", "containers: []"), "replicas: 1")
    assert updated(broken, broken.replace("replicas: 1", "replicas: 2")) == set()
    assert updated(fill(SPEC, "replicas: 1"), broken) == {"missing-containers Required spec.template.spec.containers"}
    labelled = broken.replace("{labels: {app: a}}", "{labels: {app: a, b: -}}")
    assert updated(broken, labelled) == {"invalid-pod-template-label Invalid spec.template.labels"}


def test_recreate_is_kept_in_an_update() -> None:
    recreated = fill(STRATEGY, "{type: Recreate}")
    assert updated(recreated, recreated) == set()
    assert updated(fill(STRATEGY, "{}"), recreated) == {"invalid-stateful-set-strategy Invalid spec.updateStrategy"}
    assert updated(recreated, recreated, "1.36") == {"invalid-stateful-set-strategy Invalid spec.updateStrategy"}


def test_warnings_of_an_update() -> None:
    fractional = fill(CLAIMS, CLAIM.replace("1Gi", "1500m"))
    field = "spec.volumeClaimTemplates[0].Spec.resources.requests[storage]"
    assert updated(fractional, fractional) == {f"fractional-volume-claim-storage Warning {field}"}


def test_defaults() -> None:
    root = read_first(fill(SPEC, "serviceName: a")).root
    for minor, more in (("1.36", {}), ("1.37", {"maxUnavailable": 1})):
        spec = plain(defaulted(root, minor, "StatefulSet").map("spec"))
        assert isinstance(spec, dict)
        assert spec["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, **more}}
        assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
        assert (spec["podManagementPolicy"], spec["replicas"]) == ("OrderedReady", 1)
    stated = read_first(fill(STRATEGY, "{type: RollingUpdate}")).root
    assert defaulted(stated, "1.37", "StatefulSet").map("spec", "updateStrategy") == {"type": "RollingUpdate"}
