"""Priority classes."""

from conformance.mutations.row import DROP, Pool, at, changes, row, updates

VALUES = Pool(
    [0, 1, -1, 1000000000, 999999999, -2147483648, None, 1.0],
    [1000000001, 2000000000, 2000001000, 2147483647, 2147483648, -2147483649, "1", 1.5, True],
)
row("class-value", "value", VALUES, also={"metadata.name": "agents"}, weight=3)
row(
    "class-policy",
    "preemptionPolicy",
    Pool(["Never", "PreemptLowerPriority", None], ["", "never", "Always", " Never", 1]),
    weight=3,
)
row("class-default", "globalDefault", Pool([True, False, None], ["true", 1]), also={"metadata.name": "a"})
changes(
    "class-system",
    [
        {"metadata.name": name, "value": value, "globalDefault": default}
        for name, value in (
            ("system-node-critical", 2000001000),
            ("system-cluster-critical", 2000000000),
            ("system", 5),
            ("systema-b", 1000000000),
        )
        for default in (False, None, DROP)
    ],
    [
        {"metadata.name": name, "value": value, "globalDefault": default}
        for name in ("system-node-critical", "system-cluster-critical", "system-a", "system-")
        for value in (2000000001, 5, 0, DROP, 2000000000, 2000001000)
        for default in (True, DROP)
        if (value != 2000000000 or default is True) and (value != 2000001000 or default is True)
    ],
    weight=3,
)
changes(
    "class-system-generated",
    [{"metadata.name": DROP, "metadata.generateName": prefix, "value": 5} for prefix in ("system", "sys-", "asystem-")],
    [
        {"metadata.name": DROP, "metadata.generateName": prefix, "value": 5}
        for prefix in ("system-", "system-node-", "system-a")
    ],
)
updates(
    "update-class",
    [at("value", 5, 5), at("value", None, 0), at("value", 2000000000, 2000000000), at("globalDefault", True, False), at("description", "a", "b")]
    + [at("preemptionPolicy", old, new) for old, new in ((DROP, "PreemptLowerPriority"), (None, DROP), ("Never", "Never"), ("PreemptLowerPriority", None))],
    [at("value", 5, 6), at("value", 5, -5), at("value", 0, 1000000001), at("value", 1, None), at("value", DROP, 7)]
    + [at("preemptionPolicy", old, new) for old, new in ((DROP, "Never"), ("Never", None), ("Never", "PreemptLowerPriority"), ("Never", ""), (None, "x"))],
    2,
)  # fmt: skip
