"""The operating system and the architecture of a node, as the kubelet writes them: Go's GOOS and GOARCH."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.words import ARCH, OS
from dsgen.problem import closest

# Labels that old nodes also have.
BETA: Final = {f"beta.{OS}": OS, f"beta.{ARCH}": ARCH}

# The systems that there is a kubelet for (k8s.io/api/core/v1: OSName), and the architectures that Go builds it for (`go tool dist list`).
WORDS: Final = {
    OS: ("linux", "windows"),
    ARCH: (
        *("amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64", "386", "loong64"),
        *("mips", "mipsle", "mips64", "mips64le", "ppc64"),
    ),
}
# The same things as `uname`, distributions and their packages call them.
_ALIASES: Final = {
    "x86_64": "amd64", "x86-64": "amd64", "x64": "amd64", "aarch64": "arm64", "armv8": "arm64", "arm64v8": "arm64", "arm64/v8": "arm64",
    "armv7": "arm", "armv7l": "arm", "armv7hl": "arm", "armhf": "arm", "armel": "arm", "armv6": "arm", "armv6l": "arm", "arm/v7": "arm",
    "x86": "386", "i386": "386", "i486": "386", "i586": "386", "i686": "386", "ia32": "386",
    "ppc64el": "ppc64le", "powerpc64le": "ppc64le", "powerpc64": "ppc64", "s390": "s390x", "riscv": "riscv64", "loongarch64": "loong64",
    "win": "windows", "win32": "windows", "win64": "windows", "gnu/linux": "linux",
}  # fmt: skip


def is_word(label: str, value: object) -> bool:
    """Return whether a kubelet may write `value` for the `label` of its node, `kubernetes.io/os` or `kubernetes.io/arch`."""
    return value in WORDS[label]


def right_word(label: str, value: str) -> str:
    """Return what the kubelet probably calls `value`, or an empty string."""
    lower = value.strip().lower()
    meant = _ALIASES.get(lower, lower)
    return meant if is_word(label, meant) else closest(lower, WORDS[label])
