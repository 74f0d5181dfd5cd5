"""What rules ask of a whole pod is answered once, and not for each of its parts."""

from __future__ import annotations

from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from tests.kubernetes.pods import read


def test_a_question_is_answered_once_for_each_pod() -> None:
    asked = []

    @asked_once
    def has_volumes(pod: Pod) -> bool:
        asked.append(pod)
        return bool(pod.node.get("volumes"))

    one, other = Pod(read("volumes: [{name: a}]", "1.36"), "1.36"), Pod(read("volumes: []", "1.36"), "1.36")
    assert [has_volumes(each) for each in (one, other, None, one, other)] == [True, False, False, True, False]
    assert asked == [one, other]
