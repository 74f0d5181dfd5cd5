"""Service accounts."""

from conformance.mutations.row import Pool, at, changes, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN

row("account-name", "metadata.name", DNS_SUBDOMAIN)
ANY = Pool(["true", "false", ""], [True])
row("mountable-secrets", "metadata.annotations{kubernetes.io/enforce-mountable-secrets}", ANY, weight=3)
changes("mountable-secrets-not", [{"metadata.annotations": {"kubernetes.io/enforce-mountable-secret": "true"}}], [])
row("account-token", "automountServiceAccountToken", Pool([True, False, None], ["true", 1, "", []]))
row(
    "account-pull-secret", "imagePullSecrets", Pool(["a", "", None, "A_"], [1, True, {}]), lambda name: [{"name": name}]
)
row("account-secret", "secrets", Pool(["a", "", None, "A_"], [1, True, {}]), lambda name: [{"name": name}])
MOUNTABLE = "metadata.annotations{kubernetes.io/enforce-mountable-secrets}"
updates("update-mountable", [at(MOUNTABLE, "a", "b"), at(MOUNTABLE, "a", "a")], [({}, {MOUNTABLE: "a"})], 2)
