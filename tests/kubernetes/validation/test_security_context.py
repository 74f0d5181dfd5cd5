"""Security contexts of pods and containers."""

from dsgen.kubernetes.validation import host_process, security_context, security_profiles, sysctls, windows_options
from tests.kubernetes.examples import Example, checks, container, fill, init

POD = container() + "securityContext: {%s}\n"
OWN = container("securityContext: {%s}")
SYSCTL = POD.replace("%s", "sysctls: [{name: %s, value: '1'}]")
USER = OWN.replace("%s", "windowsOptions: {runAsUserName: '%s'}")
HOST_PROCESS = "windowsOptions: {hostProcess: %s}"
LONG_DOMAIN = ".".join(["d" * 63] * 3)

EXAMPLES = (
    Example(
        "out-of-range-user-id",
        "Invalid securityContext.runAsUser",
        fill(POD, "runAsUser: -1", "runAsUser: 2147483648"),
        fill(POD, "runAsUser: 0", "runAsUser: 2147483647"),
    ),
    Example(
        "out-of-range-user-id",
        "Invalid containers[0].securityContext.runAsUser",
        fill(OWN, "runAsUser: -1", "runAsUser: 2147483648"),
        fill(OWN, "runAsUser: 0", "runAsUser: 2147483647"),
    ),
    Example(
        "out-of-range-group-id",
        "Invalid securityContext.runAsGroup",
        fill(POD, "runAsGroup: -1", "runAsGroup: 2147483648"),
        fill(POD, "runAsGroup: 2147483647"),
    ),
    Example(
        "out-of-range-group-id",
        "Invalid containers[0].securityContext.runAsGroup",
        fill(OWN, "runAsGroup: -1"),
        fill(OWN, "runAsGroup: 0"),
    ),
    Example(
        "out-of-range-group-id",
        "Invalid securityContext.fsGroup",
        fill(POD, "fsGroup: -1", "fsGroup: 2147483648"),
        fill(POD, "fsGroup: 0", "fsGroup: 2147483647"),
    ),
    Example(
        "out-of-range-group-id",
        "Invalid securityContext.supplementalGroups[1]",
        fill(POD, "supplementalGroups: [0, -1]", "supplementalGroups: [0, 2147483648]"),
        fill(POD, "supplementalGroups: [0, 2147483647, null]", "supplementalGroups: []"),
    ),
    Example(
        "invalid-fs-group-change-policy",
        "NotSupported securityContext.fsGroupChangePolicy",
        fill(POD, *fill("fsGroupChangePolicy: %s", "always", "''")),
        fill(POD, *fill("fsGroupChangePolicy: %s", "Always", "OnRootMismatch", "null")),
    ),
    Example(
        "invalid-supplemental-groups-policy",
        "NotSupported securityContext.supplementalGroupsPolicy",
        fill(POD, *fill("supplementalGroupsPolicy: %s", "merge", "''")),
        fill(POD, *fill("supplementalGroupsPolicy: %s", "Merge", "Strict", "null")),
    ),
    Example(
        "invalid-se-linux-change-policy",
        "NotSupported securityContext.seLinuxChangePolicy",
        fill(POD, *fill("seLinuxChangePolicy: %s", "recursive", "''")),
        fill(POD, *fill("seLinuxChangePolicy: %s", "Recursive", "MountOption", "null")),
    ),
    Example(
        "forbidden-se-linux-mount-option",
        "NotSupported securityContext.seLinuxChangePolicy",
        fill(POD, "seLinuxChangePolicy: MountOption"),
        fill(POD, "seLinuxChangePolicy: Recursive"),
        minor="1.36",
    ),
    Example(
        "invalid-proc-mount",
        "NotSupported containers[0].securityContext.procMount",
        fill(OWN, "procMount: default", "procMount: ''"),
        fill(OWN, "procMount: Default"),
    ),
    Example(
        "forbidden-unmasked-proc-mount",
        "Invalid containers[0].securityContext.procMount",
        (*fill(OWN, "procMount: Unmasked"), "hostUsers: true\n" + OWN.replace("%s", "procMount: Unmasked")),
        ("hostUsers: false\n" + OWN.replace("%s", "procMount: Unmasked"),),
    ),
    Example(
        "conflicting-privilege-escalation",
        "Invalid containers[0].securityContext",
        fill(
            OWN,
            "allowPrivilegeEscalation: false, privileged: true",
            "allowPrivilegeEscalation: false, capabilities: {add: [NET_ADMIN, CAP_SYS_ADMIN]}",
        ),
        fill(
            OWN,
            "allowPrivilegeEscalation: true, privileged: true, capabilities: {add: [CAP_SYS_ADMIN]}",
            "allowPrivilegeEscalation: false, privileged: false, capabilities: {add: [SYS_ADMIN]}",
            "privileged: true",
        ),
    ),
    # Profiles.
    Example(
        "invalid-seccomp-type",
        "Required securityContext.seccompProfile.type",
        fill(POD, "seccompProfile: {}", "seccompProfile: {type: ''}"),
        fill(POD, *fill("seccompProfile: {type: %s}", "RuntimeDefault", "Unconfined")),
    ),
    Example(
        "invalid-seccomp-type",
        "NotSupported containers[0].securityContext.seccompProfile.type",
        fill(OWN, "seccompProfile: {type: runtime/default}"),
        fill(OWN, "seccompProfile: {type: RuntimeDefault}"),
    ),
    Example(
        "invalid-seccomp-localhost-profile",
        "Required containers[0].securityContext.seccompProfile.localhostProfile",
        fill(OWN, "seccompProfile: {type: Localhost}"),
        fill(OWN, *fill("seccompProfile: {type: Localhost, localhostProfile: %s}", "''", "a/b.json", "..a")),
    ),
    Example(
        "invalid-seccomp-localhost-profile",
        "Invalid containers[0].securityContext.seccompProfile.localhostProfile",
        fill(OWN, *fill("seccompProfile: {type: Localhost, localhostProfile: %s}", "/a", "../a", "a/..")),
    ),
    Example(
        "forbidden-seccomp-localhost-profile",
        "Invalid containers[0].securityContext.seccompProfile.localhostProfile",
        fill(OWN, *fill("seccompProfile: {type: RuntimeDefault, localhostProfile: %s}", "a", "''")),
        fill(OWN, "seccompProfile: {type: RuntimeDefault, localhostProfile: null}"),
    ),
    Example(
        "invalid-app-armor-type",
        "Required securityContext.appArmorProfile.type",
        fill(POD, "appArmorProfile: {}", "appArmorProfile: {localhostProfile: a}"),
        fill(POD, *fill("appArmorProfile: {type: %s}", "RuntimeDefault", "Unconfined")),
    ),
    Example(
        "invalid-app-armor-type",
        "NotSupported containers[0].securityContext.appArmorProfile.type",
        fill(OWN, "appArmorProfile: {type: localhost}"),
        fill(OWN, "appArmorProfile: {type: Unconfined}"),
    ),
    Example(
        "invalid-app-armor-localhost-profile",
        "Required containers[0].securityContext.appArmorProfile.localhostProfile",
        fill(OWN, "appArmorProfile: {type: Localhost}", "appArmorProfile: {type: Localhost, localhostProfile: ''}"),
        fill(OWN, "appArmorProfile: {type: Localhost, localhostProfile: /any thing}"),
    ),
    Example(
        "invalid-app-armor-localhost-profile",
        "Invalid containers[0].securityContext.appArmorProfile.localhostProfile",
        fill(
            OWN,
            *fill("appArmorProfile: {type: Localhost, localhostProfile: %s}", "' '", "' a'", '"a\\t"', '"a\\u2003"'),
        ),
        # A zero-width space is none.
        fill(OWN, 'appArmorProfile: {type: Localhost, localhostProfile: "a\\u200b"}'),
    ),
    Example(
        "too-long-app-armor-localhost-profile",
        "TooLong containers[0].securityContext.appArmorProfile.localhostProfile",
        fill(OWN, *fill("appArmorProfile: {type: Localhost, localhostProfile: %s}", "a" * 4096, "é" * 2048)),
        fill(OWN, *fill("appArmorProfile: {type: Localhost, localhostProfile: %s}", "a" * 4095, "é" * 2047)),
    ),
    Example(
        "forbidden-app-armor-localhost-profile",
        "Invalid containers[0].securityContext.appArmorProfile.localhostProfile",
        fill(OWN, *fill("appArmorProfile: {type: Unconfined, localhostProfile: %s}", "a", "''")),
        fill(OWN, "appArmorProfile: {type: Unconfined, localhostProfile: null}"),
    ),
    # Sysctls.
    Example(
        "invalid-sysctl-name",
        "Required securityContext.sysctls[0].name",
        fill(POD, "sysctls: [{value: '1'}]"),
        fill(POD, "sysctls: [{name: kernel.sem}]"),
    ),
    Example(
        "invalid-sysctl-name",
        "Invalid securityContext.sysctls[0].name",
        fill(SYSCTL, "A", "a..b", "-a", "net.", "net.*", "kernel sem", "a" * 254),
        fill(SYSCTL, "a", "net/ipv4/conf", "net.ipv4.conf.eth0/1.x", "a_b-c", "a" * 253),
    ),
    Example(
        "duplicate-sysctl",
        "Duplicate securityContext.sysctls[1].name",
        fill(POD, "sysctls: [{name: kernel.sem}, {name: kernel.sem}]"),
        fill(POD, "sysctls: [{name: kernel.sem}, {name: kernel/sem}]"),
    ),
    Example(
        "forbidden-host-sysctl",
        "Invalid securityContext.sysctls[0].name",
        fill("hostNetwork: true\n" + SYSCTL, "net.core.somaxconn", "net/ipv4/conf/eth0.1/x"),
        fill("hostNetwork: true\n" + SYSCTL, "net", "kernel.sem", "fs.mqueue.x", "netx.a"),
    ),
    Example(
        "forbidden-host-sysctl",
        "Invalid securityContext.sysctls[0].name",
        fill(
            "hostIPC: true\n" + SYSCTL, *("kernel.sem", "kernel/shmmax", "kernel.msgmni", "fs.mqueue.x", "kernel.msg")
        ),
        fill("hostIPC: true\n" + SYSCTL, *("kernel.sem2", "fs.mqueue", "net.core.somaxconn", "kernel.shmall.x")),
    ),
    # Windows.
    Example(
        "invalid-gmsa-credential-spec-name",
        "Invalid containers[0].securityContext.windowsOptions.gmsaCredentialSpecName",
        fill(OWN, *fill("windowsOptions: {gmsaCredentialSpecName: %s}", "A", "''")),
        fill(OWN, *fill("windowsOptions: {gmsaCredentialSpecName: %s}", "a.b", "null")),
    ),
    Example(
        "invalid-gmsa-credential-spec",
        "Invalid securityContext.windowsOptions.gmsaCredentialSpec",
        fill(POD, *fill("windowsOptions: {gmsaCredentialSpec: '%s'}", "", "a" * 65537)),
        fill(POD, *fill("windowsOptions: {gmsaCredentialSpec: '%s'}", "a", "a" * 65536)),
    ),
    Example(
        "invalid-windows-user-name",
        "Invalid containers[0].securityContext.windowsOptions.runAsUserName",
        fill(USER, *("", r"a\b\c", "u" * 105, "é" * 53, ".", ". .", " ", r"d\ ", "\\", "d\\", r"\u")),
        fill(USER, *("a", r"d\u", "u" * 104, "é" * 52, ". a", "ContainerUser", r"NT AUTHORITY\SYSTEM")),
    ),
    Example(
        "invalid-windows-user-name",
        "Invalid containers[0].securityContext.windowsOptions.runAsUserName",
        (
            *fill(USER, *(f"a{character}b" for character in '"/[]:;|=,+*?<>@')),
            *fill(OWN, *fill('windowsOptions: {runAsUserName: "a%sb"}', r"\x01", r"\x7f", r"\n", r"\0")),
        ),
        (*fill(USER, "a!#$%&-_b"), *fill(OWN, r'windowsOptions: {runAsUserName: "a\x80b"}')),
    ),
    Example(
        "invalid-windows-user-name",
        "Invalid containers[0].securityContext.windowsOptions.runAsUserName",
        fill(
            USER,
            *(
                f"{domain}\\u"
                for domain in ("_" * 16, ".d", "a:b", "a|b", "-a-b-c-d-e-f-g-h-i", f"{LONG_DOMAIN}.{'d' * 64}")
            ),
        ),
        fill(
            USER,
            *(f"{domain}\\u" for domain in ("_" * 15, "d.e", "d e f", "d-e." * 20 + "f", f"{LONG_DOMAIN}.{'d' * 63}")),
        ),
    ),
    Example(
        "mismatched-host-process",
        "Invalid containers[0].securityContext.windowsOptions.hostProcess",
        (
            f"hostNetwork: true\nsecurityContext: {{{HOST_PROCESS % 'false'}}}\n"
            + OWN.replace("%s", HOST_PROCESS % "true"),
        ),
        (
            f"hostNetwork: true\nsecurityContext: {{{HOST_PROCESS % 'true'}}}\n"
            + OWN.replace("%s", HOST_PROCESS % "true"),
        ),
    ),
    Example(
        "conflicting-host-process",
        "Invalid",
        (f"hostNetwork: true\n{OWN.replace('%s', HOST_PROCESS % 'true')}{init()}",),
        (f"hostNetwork: true\nsecurityContext: {{{HOST_PROCESS % 'true'}}}\n{container()}{init()}",),
    ),
    Example(
        "missing-host-network",
        "Invalid hostNetwork",
        fill(OWN, HOST_PROCESS % "true"),
        (*fill("hostNetwork: true\n" + OWN, HOST_PROCESS % "true"), *fill(OWN, HOST_PROCESS % "false")),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(
    EXAMPLES, security_context, security_profiles, sysctls, windows_options, host_process
)
