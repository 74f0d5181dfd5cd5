"""Where the server finds webhooks."""

from conformance.mutations.row import DROP, Pool, changes, row
from conformance.mutations.values import DNS_SUBDOMAIN, LONG

CLIENT = "webhooks[?].clientConfig"
URLS = Pool(
    ["https://a", "https://a.b:8443/c/d", "https://[::1]", "https://[fe80::1%25en0]:80", "HTTPS://a", "https://a/%41", "https://a:/", "https://é", "https://a?", "https://a#",
     "https://%C3%A9", "https://[::ffff:1.2.3.4]", "https://a//b", "https://a_b", "https://a<b>", "https://a/ b", "https://1.2.3.4", "https://[fe80::1%25a%20b]", "https://:80"],
    ["", "a", "/a", "a:80", "*", "http://a", "https:", "https:a", "https:/a", "https://", "https:///a", "ftp://a", "//a", "///a", ":a", "1:a", "https://a?b", "https://a/?b=c", "https://a#b",
     "https://u@a", "https://u:p@a", "https://@a", "https://u%zz@a", "https://u/@a", "https://u p@a", "https://a b", "https://a%41", "https://a%", "https://a/%", "https://a/%zz", "https://a#%z",
     "https://a:b", "https://a:b:80", "https://a:1:80", "http://a:1:80", "https://[::1", "https://::1", "https://[::1]a", "https://[::1]:a", "https://a[::1]", "https://[1.2.3.4]", "https://[a]",
     "https://[::1%en0]", "https://[::1%25]", "https://[::1%25%00]", "https://a\t", "https://a\n", "https://\x7f", "a b:c", "a/b:c", "a?b:c", "#a", "?a", "https://u@b@a", "https://a?b?", "https://a??",
     "https://[fe80::1%25a b]", "https://[fe80::1%25a%2fb]", "https://[fe80::1%25é]", "https://{a}", "https://a|b", "https://a\\b", "https://[::1%25a%5Bb]", "mailto:a@b", "https://[]", "https://[:]",
     "https://[0:0:0:0:0:0:0:0:0]", "https://[::g]", "https://[::01234]", "https://[fe80::1%25a%22]", "https://a:", "https://a^b", "https://a`b", "é://a", "h%74tps://a", "https://a%c3"],
)  # fmt: skip
row("webhook-url", CLIENT, URLS, lambda url: {"url": url}, weight=5)
row("webhook-url-noisy", CLIENT, Pool(URLS.good[:6], URLS.good[:6], noisy=True), lambda url: {"url": url}, weight=2)
SERVICE = {"name": "a", "namespace": "b"}
changes(
    "webhook-client",
    [{CLIENT: {"url": "https://a", "service": None}}, {CLIENT: {"service": SERVICE, "url": None}}],
    [{CLIENT: client} for client in ({}, None, {"url": None}, {"url": "https://a", "service": SERVICE}, {"url": "", "service": {}}, {"caBundle": "eA=="})]
    + [{CLIENT: DROP}],
    weight=2,
)  # fmt: skip
changes(
    "webhook-service",
    [{CLIENT: {"service": {**SERVICE, field: value}}} for field in SERVICE for value in ("a", "A B", " ")],
    [{CLIENT: {"service": {**SERVICE, field: value}}} for field in SERVICE for value in ("", None)]
    + [{CLIENT: {"service": {}}}, {CLIENT: {"service": {"name": "a"}}}, {CLIENT: {"service": {"namespace": "a"}}}],
    weight=2,
)
row(
    "webhook-port",
    CLIENT,
    Pool([1, 443, 65535, None], [0, -1, 65536, 2147483647, "443"]),
    lambda port: {"service": {**SERVICE, "port": port}},
    weight=2,
)
row(
    "webhook-path",
    CLIENT,
    Pool(["", "/", "/a", "/a/b.c", "/a/", None, f"/{LONG[253]}", "/0/1-2"],
         ["a", "//", "/a//b", "///", "/A", "/a_b", "/a//", "a/b", "/a b", "é", "/é", f"/{LONG[254]}", " /a", "/a?b", "/a%41", "/.", "/..", "aa"], noisy=True),
    lambda path: {"service": {**SERVICE, "path": path}},
    weight=3,
)  # fmt: skip
row(
    "webhook-path-segment",
    CLIENT,
    DNS_SUBDOMAIN,
    lambda step: {"service": {**SERVICE, "path": f"/a/{step}/b"}},
)
