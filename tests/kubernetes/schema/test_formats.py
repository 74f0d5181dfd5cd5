from __future__ import annotations

from collections.abc import Callable

import pytest

from dsgen.kubernetes.schema import formats

L63, L64, L253, L254 = "a" * 63, "a" * 64, "a" * 253, "a" * 254
# Format | what is right | what is wrong.
TABLE: list[tuple[Callable[[str], list[str]], list[str], list[str]]] = [
    (formats.dns_label, ["a", "0", "a-b", "a--b", L63], ["", "A", "-a", "a-", "a.b", "a_b", L64, "é", "a\n"]),
    (formats.dns_subdomain, ["a", "a.b", "1.2", L253, L64 + ".a"], ["", "a..b", ".a", "a.", "A", "a_b", L254, "a\n"]),
    (formats.dns_subdomain_with_underscore, ["_tcp.a", "a_b.c", "_a"], ["", "__a", "a_", "_", "A", L254]),
    (formats.qualified_name, ["a", "A.b_c-D", "a.b/C", L63, L253 + "/a"], ["", "/a", "a/", "a/b/c", L64, "A/b", "-a", "a b", L254 + "/a"]),
    (formats.label_value, ["", "a", "A.b_c-D", L63], [L64, "-a", "a-", "a b", "é", "a\n"]),
    (formats.name_prefix, ["a-", "a_-", "--", "a"], ["-", "", "a.", "Ab-", "a-_"]),
    (formats.port_name, ["a", "a-b", "1a", "a" * 15], ["", "a" * 16, "1", "a--b", "-a", "a-", "A", "a_b"]),
    (formats.env_name, ["A", "1 a", "a-b.c", "$(x)", " "], ["", "a=b", "é", "a\n"]),
    (lambda text: formats.env_name(text, 31), ["A", "a-b.c", "..."[:2] + "a"][:2], ["", "1a", "a b", ".", "..", "..a"]),
    (formats.config_key, ["a", ".a", "A_b-c.d", L253], ["", ".", "..", "..a", "a/b", L254]),
    (formats.http_header_name, ["X-A", "-"], ["", "a b", "a_b", "é"]),
    (formats.percent, ["0%", "007%", "101%"], ["", "1", "%", "-1%", "1.5%", " 1%", "1%\n", "٣%"]),
    (formats.sysctl_name, ["a.b", "a/b.c_d", "net.ipv4.conf.eth0/1.x", L253], ["", "A", "a..b", ".a", L254]),
    (formats.no_backsteps, ["", "/a", "..a", "a..b"], ["..", "a/..", "../a", "/a/../b"]),
    (formats.local_path, ["", "a", "..a", "a/b/"], ["/a", "..", "a/../b"]),
    (formats.local_unreserved_path, ["", "a", "a/..b"], ["..a", "..", "../a", "/a"]),
    (formats.path_segment, ["A b", "", "..."], [".", "..", "a/b", "50%"]),
    (formats.ip_address, ["1.2.3.4", "::1", "2001:DB8::0001", "::1.2.3.4"], ["", "1.2.3", "01.2.3.4", "1.2.3.256", "::1%lo", "::ffff:1.2.3.4", "a"]),
    (lambda text: formats.ip_address(text, 35), ["01.2.3.4", "::ffff:1.2.3.4", "::1.2.3.04"], ["", "1.2.3", "1.2.3.256"]),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, right, _ in TABLE for text in right])
def test_right(check: Callable[[str], list[str]], text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, _, wrong in TABLE for text in wrong])
def test_wrong(check: Callable[[str], list[str]], text: str) -> None:
    assert check(text)


def test_lengths_count_bytes() -> None:
    assert formats.too_long("é" * 32, 64) == []
    assert formats.too_long("é" * 32, 63)
