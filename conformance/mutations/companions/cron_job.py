"""Cron jobs: schedules, time zones, limits."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates

GOOD = [
    "* * * * *", "0 0 1 1 0", "59 23 31 12 6", "*/15 * * * *", "0-59/5 0,12 1-7 jan-MAR,dec sun", "? ? ? ? ?", "1/2 * * * *", "5,10-20/3 * * * *", " 0 0 * * * ", "0\t0 *  * *", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every 1h30m", "@every 0",
    "@every -5s", "@every 1.5h", "@every .5s1ms", "*-5 * * * *", "*-x * * * *", ", * * * *", "0,, * * * *", "+5 * * * *", "*/100 * * * *", "*/1 * * * *", "00 07 * * *", "@every 1µs", "0 0 * * mon-5", "0\u00a00 * * *", "@every 2562047h", "@every +1h", "0 0 31 2 *",
]  # fmt: skip
BAD = [
    "", " ", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 7", "-1 * * * *", "5-1 * * * *", "1-2-3 * * * *", "*/0 * * * *", "*/ * * * *", "/5 * * * *", "*/5/5 * * * *", "a * * * *", "* * * foo *", "* * * * sunday", "*/-1 * * * *", "1-60 * * * *",
    "0- * * * *", "@Daily", "@daily ", " @daily", "@reboot", "@", "@every", "@every ", "@every 1", "@every 1d", "@every 1h 5m", "@every  1h", "@every h", "@every 9999999h", "@every 1.h.", "@every -", "1.5 * * * *", "1_0 * * * *", "²  * * * *", "99999999999999999999 * * * *", "* * * * mon-sun", "0 0 * * L", "H * * * *", "0 0 1W * *",
    "TZ=UTC 0 0 * * *", "CRON_TZ=Europe/Berlin 0 0 * * *", "TZ=Nowhere/Town 0 0 * * *", "0 0 * * TZ", "TZ= 0 0 * * *",
]  # fmt: skip
row("schedule", "spec.schedule", Pool(GOOD, [*BAD, None, 5], noisy=True), weight=12)
row(
    "time-zone",
    "spec.timeZone",
    Pool(
        ["Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Etc/GMT-14", "EST5EDT", "GMT", "Asia/Calcutta", "US/Pacific", None],
        ["", "Local", "local", "LOCAL", "Europe/berlin", "europe/Berlin", "Nowhere", "Europe", "Europe/", "/Europe/Berlin", "Europe//Berlin", "../Europe/Berlin", "./UTC", "-UTC", "UTC ", "Europe/Ber lin", "A" * 15, "UTC+1", "+01:00", "CEST", "é"],
    ),
    weight=5,
)  # fmt: skip
for name in ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
    row(f"cron-{name.lower()}", f"spec.{name}", Pool([0, 1, 2147483647, None], [-1, -2147483648, "1"]))
row(
    "concurrency",
    "spec.concurrencyPolicy",
    Pool(["Allow", "Forbid", "Replace", "", None], ["allow", "Never", " "]),
    weight=2,
)
row("cron-suspend", "spec.suspend", Pool([True, False, None], ["true", 1]), weight=0.5)
changes(
    "cron-name",
    [{"metadata.name": name} for name in ("a" * 52, "a.b", "1")] + [{"metadata.name": DROP, "metadata.generateName": "a" * 47}],
    [{"metadata.name": name} for name in ("a" * 53, "a" * 254, "a" * 64, f"{'a' * 51}.b")] + [{"metadata.name": DROP, "metadata.generateName": prefix} for prefix in ("a" * 48, "a" * 60)],
    3,
)  # fmt: skip
changes(
    "cron-selector",
    [{"J.manualSelector": value, "J.selector": None} for value in each_of(False, None, DROP)],
    [{"J.manualSelector": True}, {"J.selector": {}}, {"J.selector": {"matchLabels": {"a": "b"}}}, {"J.selector": {"matchLabels": {"-": "b"}}, "J.manualSelector": True}],
    2,
)  # fmt: skip
row(
    "cron-template",
    "spec.jobTemplate",
    Pool([], [None, {}, {"spec": {}}, {"spec": None}, {"metadata": {"name": "a"}}]),
    weight=0.5,
)
row("cron-template-metadata", "spec.jobTemplate.metadata", Pool([{"labels": {"-": "a"}}, {"name": "A_"}, None, {"annotations": {"-": "a"}}], [{"labels": []}]), weight=0.5)  # fmt: skip
ZONED: Json = "TZ=UTC 0 0 * * *"
updates(
    "update-schedule",
    [({"spec.schedule": old}, {"spec.schedule": new, "spec.timeZone": DROP}) for old in (ZONED, "0 0 * * TZ") for new in (ZONED, "CRON_TZ=Europe/Berlin @daily", "@daily")]
    + [at("spec.timeZone", "Nowhere", "Nowhere"), at("spec.timeZone", "local", "local"), at("spec.timeZone", "UTC", None)],
    [({"spec.schedule": ZONED}, {"spec.schedule": ZONED, "spec.timeZone": zone}) for zone in ("UTC", "")]
    + [at("spec.schedule", "@daily", ZONED), at("spec.schedule", ZONED, "TZ=Nowhere @daily"), at("spec.timeZone", "Nowhere", "Elsewhere"), at("spec.timeZone", "UTC", "local")],
    4,
)  # fmt: skip
updates(
    "update-cron-job",
    [({"metadata.name": "a" * 60}, {"metadata.name": "a" * 60}), ({}, {"C.image": "b"}), ({}, {"spec.suspend": True, "J.parallelism": 3}), ({}, {"T.metadata.labels": {"a": "b"}})],
    [({}, {"J.parallelism": -1}), ({}, {"P.restartPolicy": "Always"})],
    2,
)  # fmt: skip
