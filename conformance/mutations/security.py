"""Security contexts of the pod and of containers, sysctls, and Windows' own options."""

from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import DNS_SUBDOMAIN, LONG, USER_ID

POD, ANY = "P.securityContext", "A.securityContext"
for field in ("fsGroup", "runAsUser", "runAsGroup"):
    row(f"pod-{field.lower()}", f"{POD}.{field}", USER_ID)
row("supplemental-group", f"{POD}.supplementalGroups", USER_ID, lambda group: [1, group])
for field in ("runAsUser", "runAsGroup"):
    row(f"container-{field.lower()}", f"{ANY}.{field}", USER_ID)
row("group-change", f"{POD}.fsGroupChangePolicy", Pool(["OnRootMismatch", "Always", None], ["", "always", "Never"]))
row("groups-policy", f"{POD}.supplementalGroupsPolicy", Pool(["Merge", "Strict", None], ["", "merge", "x"]))
row("selinux-change", f"{POD}.seLinuxChangePolicy", Pool(["Recursive", None], ["", "MountOption", "recursive"]))
SYSCTLS = Pool(
    [
        "a",
        "kernel.shm_rmid_forced",
        "net.core.somaxconn",
        "net/ipv4/a",
        "a_b.c-d",
        "a/b.c",
        LONG[253],
        "0.1",
        "fs.mqueue.a",
    ],
    ["", "A", "a..b", ".a", "a.", "_a", "a b", LONG[254], "a.-b", "é", None, "-"],
    noisy=True,
)
row(
    "sysctl-name",
    f"{POD}.sysctls",
    SYSCTLS,
    lambda name: [{"name": name, "value": ""}],
    also={"P.hostNetwork": False, "P.hostIPC": False},
)
changes(
    "sysctl-twice",
    [{f"{POD}.sysctls": [{"name": "a"}, {"name": "a.b"}, {"name": "a/b"}]}, {f"{POD}.sysctls": []}],
    [
        {f"{POD}.sysctls": [{"name": "kernel.a"}, {"name": "kernel.a"}]},
        {f"{POD}.sysctls": [{"name": "a"}] * 3},
        {f"{POD}.sysctls": [{"name": "a.b"}, {"name": "c"}, {"name": "a.b"}]},
    ],
)
BARE = {"P.containers": [{"name": "z", "image": "b"}], "P.hostUsers": None, "P.hostnameOverride": None}
for field, inside, outside in (
    (
        "hostNetwork",
        ("net.core.somaxconn", "net/ipv4/ip_forward", "net.", "net.a"),
        ("kernel.sem", "network.a", "net", "net-a.b", "a/net.b"),
    ),
    (
        "hostIPC",
        (
            "kernel.sem",
            "kernel.shmmax",
            "kernel/msgmnb",
            "fs.mqueue.a",
            "fs/mqueue/b",
            "kernel.shm",
            "kernel.msg",
            "kernel.shm_rmid_forced",
        ),
        ("kernel.shmx", "net.a", "fs.a", "kernel.other", "fs.mqueue"),
    ),
):
    changes(
        f"sysctl-{field.lower()}",
        [
            {**BARE, f"P.{field}": host, f"{POD}.sysctls": [{"name": name, "value": "1"}]}
            for name in outside
            for host in (True, False)
        ]
        + [{**BARE, f"P.{field}": False, f"{POD}.sysctls": [{"name": name, "value": "1"}]} for name in inside],
        [{**BARE, f"P.{field}": True, f"{POD}.sysctls": [{"name": name, "value": "1"}]} for name in inside],
    )
for place, where in (("pod", POD), ("container", ANY)):
    for field, path in (("seccompProfile", "seccomp"), ("appArmorProfile", "apparmor")):
        profile = f"{where}.{field}"
        row(
            f"{path}-type-{place}",
            profile,
            Pool(["RuntimeDefault", "Unconfined"], ["", "Localhost", "runtimeDefault", "x", None]),
            lambda type: {"type": type},
        )
        right = ["a", "a/b", "..a", *(["a" * 4095, "/a", "../a"] if path == "apparmor" else ["", "a" * 4096])]
        wrong = [None, *(["", " ", " a", "a ", "a\n", "a" * 4096] if path == "apparmor" else ["/a", "../a", "a/.."])]
        row(
            f"{path}-localhost-{place}",
            profile,
            Pool(right, wrong),
            lambda name: {"type": "Localhost", "localhostProfile": name},
        )
        row(
            f"{path}-profile-{place}",
            profile,
            Pool([None], ["a", "", " "]),
            lambda name: {"type": "RuntimeDefault", "localhostProfile": name},
            weight=0.7,
        )
        row(
            f"{path}-unconfined-{place}",
            profile,
            Pool([None], ["a", ""]),
            lambda name: {"type": "Unconfined", "localhostProfile": name},
            weight=0.7,
        )
row("proc-mount", f"{ANY}.procMount", Pool(["Default", None], ["", "default", "x", "Unmasked"]))
USERS = {"P.hostUsers": False, "P.hostNetwork": False, "P.hostPID": False, "P.hostIPC": False}
changes(
    "proc-mount-users",
    [{**USERS, f"{ANY}.procMount": value} for value in ("Unmasked", "Default")],
    [{"P.hostUsers": users, f"{ANY}.procMount": value} for users in (True, None, DROP) for value in ("Unmasked",)]
    + [{**USERS, f"{ANY}.procMount": "x"}],
)
changes(
    "escalation-privileged",
    [
        {ANY: {"privileged": privileged, "allowPrivilegeEscalation": escalation}}
        for privileged, escalation in ((True, True), (True, None), (False, False), (None, False))
    ],
    [
        {ANY: {"privileged": True, "allowPrivilegeEscalation": False, **more}}
        for more in each_of({}, {"runAsUser": 0}, {"capabilities": {}})
    ],
)
changes(
    "escalation-capability",
    [
        {ANY: {"allowPrivilegeEscalation": escalation, "capabilities": {"add": names}}}
        for escalation, names in (
            (False, ["SYS_ADMIN"]),
            (True, ["CAP_SYS_ADMIN"]),
            (None, ["CAP_SYS_ADMIN"]),
            (False, ["cap_sys_admin"]),
        )
    ]
    + [{ANY: {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["CAP_SYS_ADMIN"]}}}],
    [
        {ANY: {"allowPrivilegeEscalation": False, "capabilities": {"add": names}}}
        for names in (["CAP_SYS_ADMIN"], ["CAP_SYS_ADMIN", "CAP_SYS_ADMIN"], ["NET_ADMIN", "CAP_SYS_ADMIN"])
    ],
)
for field, pool in {
    "runAsNonRoot": Pool([True, False, None], ["true"]), "readOnlyRootFilesystem": Pool([True, None], [1]), "seLinuxOptions": Pool([{}, {"user": "", "role": " ", "type": "a", "level": "s0:c1"}], [{"level": 1}, "a"]),
    "capabilities": Pool([{}, {"add": []}, {"add": ["", "X"], "drop": [None, "ALL"]}], [{"add": "ALL"}, {"drop": [1]}, []]),
}.items():  # fmt: skip
    row("security-untouched", f"{ANY}.{field}", pool, weight=0.3)

USER_NAMES = Pool(
    ["a", "A\\b", "ContainerAdministrator", "a" * 104, "NT AUTHORITY\\SYSTEM", "a.b-c\\user", "a b", "-", "a.", f"{'a' * 15}\\b", f"{'a' * 16}.b\\c", f"{'a.' * 126}abc\\x", "é", "a'b", "\\".join(["ab", "c"]), f"{'a' * 63}\\b"],
    ["", "a\\b\\c", "\\a", "a\\", "a" * 105, "...", " ", ". .", "a@b", "a/b", "a:b", "a\tb", "a\n", "a*b", "x\\a,b", "a\\b;c", 'a"b', "a[b", "a]b", "a|b", "a=b", "a+b", "a?b", "a<b", "a>b", "a:b\\c", ".a\\b", f"{'a' * 16}-\\b",
     f"{'a.' * 127}aa\\x", f"{'a' * 64}\\b", "a\\...", "a.-b.cccccccccccccc\\d", "a*\\b", "\x7f"],
    noisy=True,
)  # fmt: skip
for place, where in (("pod", POD), ("container", ANY)):
    options = f"{where}.windowsOptions"
    row(f"windows-user-{place}", f"{options}.runAsUserName", USER_NAMES.plus([None]), also={"P.os": DROP}, weight=2)
    row(
        f"windows-spec-name-{place}",
        f"{options}.gmsaCredentialSpecName",
        DNS_SUBDOMAIN.plus([None], [""]),
        also={"P.os": DROP},
    )
    row(
        f"windows-spec-{place}",
        f"{options}.gmsaCredentialSpec",
        Pool(["a", " ", "a" * 65536, None], ["", "a" * 65537, "é" * 32769]),
        also={"P.os": DROP},
        weight=0.5,
    )
HOST = {"P.os": DROP, "P.hostNetwork": True, "P.hostUsers": None, "P.hostnameOverride": None, "P.initContainers": DROP}


def _process(pod: object, *containers: object) -> dict[str, object]:
    """Return a pod with its own and its containers' `hostProcess`."""
    return {
        **HOST,
        f"{POD}.windowsOptions": {"hostProcess": pod},
        "P.containers": [
            {"name": f"c{i}", "image": "a", "securityContext": {"windowsOptions": {"hostProcess": value}}}
            for i, value in enumerate(containers)
        ],
    }


changes(
    "host-process-mismatch",
    [
        _process(True, True),
        _process(None, True),
        _process(True, None),
        _process(False, False),
        _process(True, True, None),
        _process(False, None),
    ],
    [_process(True, False), _process(False, True), _process(True, True, False), _process(False, None, True)],
)
changes(
    "host-process-some",
    [_process(None, True, True), _process(True, None, None), _process(None, None, None), _process(None, False, None)],
    [_process(None, True, None), _process(None, True, False), {**_process(True, None), "P.initContainers": [{"name": "i", "image": "a", "securityContext": {"windowsOptions": {"hostProcess": False}}}]},
     {**_process(None, True), "P.initContainers": [{"name": "i", "image": "a"}]}],
)  # fmt: skip
changes(
    "host-process-network",
    [_process(True, None), _process(None, True), {**_process(False, None), "P.hostNetwork": False}],
    [
        {**_process(*states), "P.hostNetwork": network}
        for states in ((True, None), (None, True), (True, True, True))
        for network in (False, None)
    ],
)
