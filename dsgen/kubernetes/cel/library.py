"""The library that compiles and evaluates expressions: cel-expr-python, of the optional extra `dsgen-k8s[cel]`."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from dsgen.kubernetes.cel.outcomes import Unevaluated

INSTALL: Final = "run `pip install 'cel-expr-python>=0.1.3' 'protobuf>=6'`"
MISSING: Final = Unevaluated(f"the library for CEL is not installed: {INSTALL}")


def loaded() -> Any:
    """Return the library's module, which is installed."""
    module = cel()
    assert module
    return module


@cache
def cel() -> Any | None:
    """Return the library's module, or None if the extra is not installed."""
    try:
        import google.protobuf.message_factory
        from cel_expr_python import cel as module
    except ImportError:
        return None
    return module if google.protobuf.message_factory else None
