"""PyYAML without its loaders and dumpers, which are loaded only if something uses them.

The command parses with libyaml, and writes YAML itself. Importing all of PyYAML takes 120 of the 550 million instructions of a cold start, half
of them for one regular expression of its reader in Python. A program that imports dsgen gets all of PyYAML, as always.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, Final

# libyaml's binding takes one class from each of these modules, an error that it may raise; and whether the error has a place.
_ERRORS: Final = {
    "reader": ("ReaderError", False),
    "scanner": ("ScannerError", True),
    "parser": ("ParserError", True),
    "composer": ("ComposerError", True),
    "constructor": ("ConstructorError", True),
    "serializer": ("SerializerError", False),
    "emitter": ("EmitterError", False),
    "representer": ("RepresenterError", False),
}


def install() -> None:
    """Load libyaml's binding, and let `yaml` be a package that loads the rest of itself when something looks for it.

    Does nothing if PyYAML is loaded already, has no libyaml, or needs more than this to load its binding.
    """
    spec = None if "yaml" in sys.modules else find_spec("yaml")
    if spec is None or spec.loader is None:
        return
    package = module_from_spec(spec)
    sys.modules["yaml"] = package
    try:
        _load_binding(package, spec)
    except (ImportError, AttributeError):
        for name in [name for name in sys.modules if name == "yaml" or name.startswith("yaml.")]:
            del sys.modules[name]


def _load_binding(package: ModuleType, spec: ModuleSpec) -> None:
    import yaml.error
    import yaml.events
    import yaml.nodes
    import yaml.tokens

    parts = {name: ModuleType(f"yaml.{name}") for name in _ERRORS}

    def load() -> None:
        """Load all of PyYAML, into the package that is there already."""
        del package.__getattr__
        for name in parts:
            del sys.modules[f"yaml.{name}"]
        assert spec.loader is not None
        spec.loader.exec_module(package)

    def of_package(name: str) -> Any:
        load()
        return getattr(package, name)

    for name, (error, has_place) in _ERRORS.items():
        part = parts[name]
        base = yaml.error.MarkedYAMLError if has_place else yaml.error.YAMLError
        setattr(part, error, type(error, (base,), {"__module__": part.__name__}))
        setattr(package, name, part)
        sys.modules[part.__name__] = part

        def of_part(name: str, part: ModuleType = part) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            if sys.modules[part.__name__] is part:
                load()
            return getattr(sys.modules[part.__name__], name)

        part.__getattr__ = of_part  # type: ignore[method-assign]
    from yaml import _yaml  # noqa: F401

    package.__getattr__ = of_package  # type: ignore[method-assign]
