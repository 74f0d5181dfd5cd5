"""What the operating system of a pod rules out."""

from dsgen.kubernetes.validation import operating_system
from tests.kubernetes.examples import Example, checks, container, fill

OS = container() + "os: {%s}\n"
POD = container() + "os: {name: %s}\nsecurityContext: {windowsOptions: {}}\n"
ON_WINDOWS = "os: {name: windows}\n" + container()
OWN = "os: {name: windows}\n" + container("securityContext: {%s}")
WHOLE = "os: {name: windows}\n" + container() + "securityContext: {%s}\n"

EXAMPLES = (
    Example("missing-os-name", "Required os.name", fill(OS, "", "name: ''"), fill(OS, "name: linux", "name: windows")),
    Example(
        "invalid-os-name",
        "NotSupported os",
        fill(OS, "name: Linux", "name: darwin"),
        (*fill(OS, "name: linux"), container() + "os: null\n"),
    ),
    Example(
        "forbidden-windows-options",
        "Forbidden securityContext.windowsOptions",
        fill(POD, "linux"),
        fill(POD, "windows"),
    ),
    Example(
        "forbidden-windows-options",
        "Forbidden containers[0].securityContext.windowsOptions",
        ("os: {name: linux}\n" + container("securityContext: {windowsOptions: {}}"),),
        (container("securityContext: {windowsOptions: {}}"),),
    ),
    *(
        Example(
            "forbidden-linux-field",
            f"Forbidden {field.partition(':')[0]}",
            (ON_WINDOWS + f"{field}\n",),
            (ON_WINDOWS + f"{beside}\n", container() + f"{field}\n"),
        )
        for field, beside in (
            ("hostUsers: true", "hostUsers: null"),
            ("hostPID: true", "hostPID: false"),
            ("hostIPC: true", "hostIPC: false"),
            ("shareProcessNamespace: false", "hostNetwork: true"),
        )
    ),
    *(
        Example(
            "forbidden-linux-security-field",
            f"Forbidden securityContext.{field.partition(':')[0]}",
            fill(WHOLE, field),
            fill(WHOLE, f"{field.partition(':')[0]}: null"),
        )
        for field in (
            "appArmorProfile: {type: Unconfined}",
            "seLinuxOptions: {}",
            "seccompProfile: {type: Unconfined}",
            "fsGroup: 0",
            "fsGroupChangePolicy: Always",
            "sysctls: [{name: kernel.sem}]",
            "runAsUser: 0",
            "runAsGroup: 0",
            "supplementalGroups: []",
            "supplementalGroupsPolicy: Merge",
            "seLinuxChangePolicy: Recursive",
        )
    ),
    *(
        Example(
            "forbidden-linux-security-field",
            f"Forbidden containers[0].securityContext.{field.partition(':')[0]}",
            fill(OWN, field),
            fill(OWN, f"{field.partition(':')[0]}: null"),
        )
        for field in (
            "appArmorProfile: {type: Unconfined}",
            "seLinuxOptions: {}",
            "seccompProfile: {type: Unconfined}",
            "capabilities: {}",
            "readOnlyRootFilesystem: false",
            "privileged: false",
            "allowPrivilegeEscalation: true",
            "procMount: Default",
            "runAsUser: 0",
            "runAsGroup: 0",
        )
    ),
    Example(
        "forbidden-linux-security-field",
        "Forbidden containers[0].securityContext.privileged",
        fill(OWN, "privileged: false"),
        (*fill(OWN, "runAsNonRoot: true, windowsOptions: {}"), *fill(WHOLE, "sysctls: []", "windowsOptions: {}")),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, operating_system)
