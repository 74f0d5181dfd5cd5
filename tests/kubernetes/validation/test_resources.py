"""Requests and limits: which resources exist, how much of each, and how a pod's own go with those of its containers."""

from dsgen.kubernetes.validation import pod_resources, resources
from tests.kubernetes.examples import Example, checks, container, fill, init

LIMIT = container("resources: {limits: {%s}}")
REQUEST = container("resources: {requests: {%s}}")
BOTH = container("resources: {%s}")
GPU = container("resources: {limits: {example.com/gpu: %s}}")
HUGE = container("resources: {limits: {cpu: 1, %s}}")
OVERHEAD = container() + "overhead: {%s}\n"
POD = container() + "resources: {%s}\n"
# A container and a pod.
WITHIN = "resources: {%s}\n" + container("resources: {requests: {cpu: 1}, limits: {cpu: 2, memory: 1Gi}}")

EXAMPLES = (
    Example(
        "invalid-resource-name",
        "Invalid containers[0].resources.limits[gpu]",
        fill(LIMIT, "gpu: 1"),
        fill(LIMIT, "cpu: 1", "memory: 1", "ephemeral-storage: 1", "example.com/gpu: 1"),
    ),
    Example(
        "invalid-resource-name",
        "Invalid containers[0].resources.limits[]",
        fill(LIMIT, "'': 1"),
        fill(LIMIT, f"{'a' * 244}/x: 1", f"x/{'a' * 63}: 1"),
    ),
    Example(
        "invalid-resource-name",
        "Invalid containers[0].resources.limits[/x]",
        fill(LIMIT, "/x: 1"),
        fill(LIMIT, "kubernetes.io/x: 1"),
    ),
    Example(
        "invalid-resource-name",
        "Invalid containers[0].resources.requests[a b]",
        fill(REQUEST, "a b: 1"),
        fill(REQUEST, "a.kubernetes.io/x: 500m"),
    ),
    Example(
        "invalid-resource-name",
        "Invalid resources.limits[gpu]",
        fill(POD, "limits: {gpu: 1}"),
        fill(POD, "limits: {cpu: 1, memory: 1}"),
    ),
    Example(
        "invalid-resource-name", "Invalid overhead.limits[gpu]", fill(OVERHEAD, "gpu: 1"), fill(OVERHEAD, "cpu: 1")
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid containers[0].resources.limits[pods]",
        fill(LIMIT, "pods: 1"),
        fill(LIMIT, "cpu: 1"),
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid containers[0].resources.limits[storage]",
        fill(LIMIT, "storage: 1"),
        fill(LIMIT, "ephemeral-storage: 1"),
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid containers[0].resources.limits[requests.cpu]",
        fill(LIMIT, "requests.cpu: 1"),
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid containers[0].resources.limits[requests.example.com/gpu]",
        fill(LIMIT, "requests.example.com/gpu: 1"),
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid containers[0].resources.limits[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x]",
        fill(LIMIT, f"{'a' * 245}/x: 1"),
        fill(LIMIT, f"{'a' * 244}/x: 1"),
    ),
    Example(
        "invalid-container-resource-name",
        "Invalid overhead.limits[pods]",
        fill(OVERHEAD, "pods: 1"),
        fill(OVERHEAD, "example.com/gpu: 1"),
    ),
    Example(
        "invalid-pod-resource-name",
        "NotSupported resources.limits[ephemeral-storage]",
        fill(POD, "limits: {ephemeral-storage: 1}"),
        fill(POD, "limits: {cpu: 1, hugepages-2Mi: 2Mi}"),
    ),
    Example(
        "invalid-pod-resource-name",
        "NotSupported resources.limits[example.com/gpu]",
        fill(POD, "limits: {example.com/gpu: 1}"),
    ),
    Example(
        "out-of-range-resource-quantity",
        "Invalid containers[0].resources.limits[cpu]",
        fill(LIMIT, "cpu: -1", "cpu: -1m", "cpu: '-0.0001'"),
        fill(LIMIT, "cpu: 0", "cpu: null"),
    ),
    Example(
        "out-of-range-resource-quantity",
        "Invalid overhead.limits[memory]",
        fill(OVERHEAD, "memory: -1"),
        fill(OVERHEAD, "memory: 0"),
    ),
    Example(
        "out-of-range-resource-quantity",
        "Invalid resources.requests[memory]",
        fill(POD, "requests: {memory: -1}"),
        fill(POD, "requests: {memory: 0}"),
    ),
    Example(
        "fractional-resource",
        "Invalid containers[0].resources.limits[example.com/gpu]",
        fill(GPU, "0.5", "1500m", "1m", "1n", "'9300000000000001'", "1Ei"),
        fill(GPU, "1", "0", "1k", "1.0", "2000m", "'9223372036854775807'", "10P", "9Ei"),
    ),
    Example(
        "invalid-huge-pages-quantity",
        "Invalid containers[0].resources.limits[hugepages-2Mi]",
        fill(HUGE, "hugepages-2Mi: 1Mi", "hugepages-2Mi: 3Mi", "hugepages-2Mi: 2097153"),
        fill(HUGE, "hugepages-2Mi: 2Mi", "hugepages-2Mi: 0", "hugepages-1Gi: 3Gi", "hugepages-2Mi: 2097151.5"),
    ),
    Example(
        "invalid-huge-pages-quantity",
        "Invalid containers[0].resources.limits[hugepages-0]",
        fill(HUGE, "hugepages-0: 1"),
        fill(HUGE, "hugepages-1: 1"),
    ),
    Example(
        "invalid-huge-pages-quantity",
        "Invalid containers[0].resources.limits[hugepages-size]",
        fill(HUGE, "hugepages-size: 1"),
    ),
    Example(
        "invalid-huge-pages-quantity",
        "Invalid containers[0].resources.limits[hugepages-100m]",
        fill(HUGE, "hugepages-100m: 1"),
        fill(HUGE, "hugepages-1.0: 1"),
    ),
    Example(
        "excessive-request",
        "Invalid containers[0].resources.requests",
        fill(BOTH, "requests: {cpu: 2}, limits: {cpu: 1}", "requests: {memory: 1Gi}, limits: {memory: 1G}"),
        fill(
            BOTH,
            "requests: {cpu: 1}, limits: {cpu: 1000m}",
            "requests: {cpu: 1}, limits: {cpu: 2}",
            "requests: {cpu: 0.0001}, limits: {cpu: 1m}",
        ),
    ),
    Example(
        "excessive-request",
        "Invalid containers[0].resources.requests",
        fill(BOTH, "requests: {example.com/gpu: 1}, limits: {example.com/gpu: 2}"),
        fill(BOTH, "requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}"),
    ),
    Example(
        "excessive-request",
        "Invalid containers[0].resources.requests",
        fill(BOTH, "requests: {cpu: 1, hugepages-2Mi: 2Mi}, limits: {hugepages-2Mi: 4Mi}"),
        fill(BOTH, "requests: {cpu: 1, hugepages-2Mi: 4Mi}, limits: {hugepages-2Mi: 4Mi}"),
    ),
    Example(
        "missing-limit",
        "Required containers[0].resources.limits",
        fill(REQUEST, "example.com/gpu: 1", "cpu: 1, hugepages-2Mi: 2Mi"),
        fill(REQUEST, "cpu: 1"),
    ),
    Example(
        "missing-cpu-or-memory",
        "Forbidden containers[0].resources",
        fill(LIMIT, "hugepages-2Mi: 2Mi", "ephemeral-storage: 1, hugepages-2Mi: 2Mi"),
        fill(BOTH, "requests: {memory: 1}, limits: {hugepages-2Mi: 2Mi}"),
    ),
    Example(
        "missing-cpu-or-memory",
        "Forbidden overhead",
        fill(OVERHEAD, "hugepages-2Mi: 2Mi"),
        fill(OVERHEAD, "cpu: 1, hugepages-2Mi: 2Mi"),
    ),
    # 100m of memory is a tenth of a byte.
    Example(
        "fractional-bytes",
        "Warning containers[0].resources.limits[memory]",
        fill(LIMIT, "memory: 100m"),
        fill(LIMIT, "memory: 100Mi", "cpu: 100m", "memory: 1000m"),
    ),
    Example(
        "fractional-bytes",
        "Warning containers[0].resources.requests[ephemeral-storage]",
        fill(REQUEST, "ephemeral-storage: 0.5"),
        fill(POD, "limits: {memory: 100m}"),
    ),
    Example(
        "fractional-bytes", "Warning overhead[memory]", fill(OVERHEAD, "memory: 1.5"), fill(OVERHEAD, "memory: 1.5Gi")
    ),
    # The whole pod.
    Example(
        "forbidden-pod-resources",
        "Forbidden resources",
        fill("os: {name: windows}\n" + POD, "", "limits: {gpu: -1}", "claims: []"),
        fill("os: {name: linux}\n" + POD, "limits: {cpu: 1}"),
    ),
    Example(
        "forbidden-pod-resource-claims",
        "Forbidden resources.claims",
        fill(POD, "claims: []"),
        fill(POD, "claims: null"),
    ),
    Example(
        "forbidden-pod-resource-claims",
        "Forbidden resources.claims, NotFound resources.claims[0]",
        fill(POD, "claims: [{name: device}]"),
    ),
    Example(
        "insufficient-pod-request",
        "Invalid resources.requests[cpu]",
        fill(WITHIN, "requests: {cpu: 999m}"),
        fill(WITHIN, "requests: {cpu: 1}", "requests: {memory: 1}"),
    ),
    # All containers run beside all sidecars; each init container runs beside the sidecars before it.
    Example(
        "insufficient-pod-request",
        "Invalid resources.requests[cpu]",
        fill(
            "resources: {requests: {cpu: %s}}\n"
            + container("resources: {requests: {cpu: 1}}")
            + init("restartPolicy: Always, resources: {requests: {cpu: 2}}"),
            "2",
            "2999m",
        ),
        fill(
            "resources: {requests: {cpu: %s}}\n"
            + container("resources: {requests: {cpu: 1}}")
            + init("restartPolicy: Always, resources: {requests: {cpu: 2}}"),
            "3",
        ),
    ),
    Example(
        "insufficient-pod-request",
        "Invalid resources.requests[cpu]",
        fill(
            "resources: {requests: {cpu: %s}}\n"
            + container("resources: {requests: {cpu: 1}}")
            + init("resources: {requests: {cpu: 2}}"),
            "1999m",
        ),
        fill(
            "resources: {requests: {cpu: %s}}\n"
            + container("resources: {requests: {cpu: 1}}")
            + init("resources: {requests: {cpu: 2}}"),
            "2",
        ),
    ),
    Example(
        "insufficient-pod-request",
        "Invalid resources.requests[cpu]",
        fill(
            "resources: {requests: {cpu: %s}}\n" + container() + "initContainers: ["
            "{name: a, image: i, restartPolicy: Always, resources: {requests: {cpu: 1}}},"
            " {name: b, image: i, resources: {requests: {cpu: 2}}},"
            " {name: c, image: i, restartPolicy: Always, resources: {requests: {cpu: 1}}}]",
            "2999m",
        ),
        fill(
            "resources: {requests: {cpu: %s}}\n" + container() + "initContainers: ["
            "{name: a, image: i, restartPolicy: Always, resources: {requests: {cpu: 1}}},"
            " {name: b, image: i, resources: {requests: {cpu: 2}}},"
            " {name: c, image: i, restartPolicy: Always, resources: {requests: {cpu: 1}}}]",
            "3",
        ),
    ),
    Example(
        "insufficient-pod-huge-pages-limit",
        "Invalid resources.limits[hugepages-2Mi]",
        fill(
            "resources: {limits: {cpu: 9, hugepages-2Mi: %s}}\ncontainers: ["
            "{name: a, image: i, resources: {limits: {cpu: 1, hugepages-2Mi: 2Mi}}},"
            " {name: b, image: i, resources: {limits: {cpu: 1, hugepages-2Mi: 2Mi}}}]",
            "2Mi",
        ),
        fill(
            "resources: {limits: {cpu: 1, hugepages-2Mi: %s}}\ncontainers: ["
            "{name: a, image: i, resources: {limits: {cpu: 1, hugepages-2Mi: 2Mi}}},"
            " {name: b, image: i, resources: {limits: {cpu: 1, hugepages-2Mi: 2Mi}}}]",
            "4Mi",
        ),
    ),
    Example(
        "excessive-container-limit",
        "Invalid resources.containers[0][cpu].limits",
        fill(WITHIN, "limits: {cpu: 1999m}"),
        (
            *fill(WITHIN, "limits: {cpu: 2}"),
            "resources: {limits: {cpu: 1}}\n" + container() + init("resources: {limits: {cpu: 2}}"),
        ),
    ),
    # Before 1.34 the server drops the resources of the whole pod, whatever they are.
    Example(
        "out-of-range-resource-quantity",
        "Invalid containers[0].resources.limits[cpu]",
        fill(LIMIT, "cpu: -1"),
        fill(POD, "limits: {gpu: -1}"),
        minor="1.33",
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, resources, pod_resources)
