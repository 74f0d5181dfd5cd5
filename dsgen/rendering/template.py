"""Rendering: from a description and the name of a template to the tree of one object."""

from __future__ import annotations

import errno
import re
from ast import literal_eval
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jinja2
from jinja2.exceptions import SecurityError

from dsgen.origin import Origin
from dsgen.problem import TEMPLATE, Problem, code, did_you_mean
from dsgen.reading import digest, is_linked, read_file
from dsgen.record import Record
from dsgen.rendering.budget import CURRENT, Budget, Rendering, TemplateError
from dsgen.rendering.filters import filter_names
from dsgen.rendering.jinja_environment import TemplateEnvironment, absent
from dsgen.rendering.tree_builder import TreeBuilder, line_of
from dsgen.resolve.description import names
from dsgen.source import describe
from dsgen.tree import Map, Value, origin_of

# Jinja2 says it in several ways, always with the name as Python writes it.
_NO_FILTER: Final = r"""No filter named ('.*'|".*")"""
INVALID_TEMPLATE_SYNTAX = code(
    "invalid-template-syntax",
    "A template cannot be parsed: Jinja2 rejects it, or an expression is in a place where YAML allows no value.",
)
INVALID_TEMPLATE = code(
    "invalid-template", "A template uses an undefined name, or does something that templates may not do."
)
UNKNOWN_TEMPLATE = code(
    "unknown-template", "There is no such template, neither in the project nor among the shipped templates."
)

SHIPPED: Final = "dsgen/"
# A name becomes part of the code that Jinja2 generates from a template.
_NAME: Final = r"[A-Za-z0-9._/-]+"


class Rendered(Record):
    """The result of a template: the tree, or None and the problems."""

    tree: Map | None
    problems: list[Problem]


class Templates(Record):
    """The templates of a locked preset: their folder, below `root`, the name to show for it, and their digests by name."""

    folder: Path
    root: Path
    shown: str
    digests: Mapping[str, str]

    def read(self, name: str) -> tuple[str, str, None]:
        """Return a template and the name to show for it. Raises OSError if it is missing, or not what was locked."""
        data = read_file(self.folder / name, self.root)
        if digest(data) != self.digests[name]:
            raise OSError(errno.EINVAL, "it does not match its digest in presets/lock.json", str(self.folder / name))
        return data.decode("utf-8-sig"), f"{self.shown}/{name}", None


class Loader(jinja2.BaseLoader):
    """Finds templates: the project's override those of locked presets and the shipped ones, and `dsgen/NAME` always means the shipped one.

    `project` is the project's templates folder, below the project folder `root`, and `shown` the name to show for it. `presets` are the folders
    of templates that locked presets have, by the first part of the templates' names.
    """

    def __init__(
        self,
        shipped: Path,
        project: Path | None = None,
        shown: str = "",
        root: Path | None = None,
        presets: Mapping[str, Templates] | None = None,
    ) -> None:
        self._shipped = shipped
        self._project = project
        self._shown = shown
        self._root = root
        self._presets = presets or {}

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        """Return the text of a template and the name to show for it. Raises OSError if it exists but cannot be read."""
        if not isinstance(template, str):
            raise TemplateError(f"{describe(template)} is not the name of a template")
        if not re.fullmatch(_NAME, template):
            raise jinja2.TemplateNotFound(template)
        parts = jinja2.loaders.split_template_path(template)
        if self._project is not None and not template.startswith(SHIPPED):
            found = _read(self._project.joinpath(*parts), f"{self._shown}/{template}", self._root or self._project)
            if found:
                return found
        if parts[0] in self._presets and template in self._presets[parts[0]].digests:
            return self._presets[parts[0]].read(template)
        path = self._shipped.joinpath(*(parts[1:] if template.startswith(SHIPPED) else parts))
        found = _read(path, TEMPLATE + template.removeprefix(SHIPPED), self._shipped)
        if found:
            return found
        raise jinja2.TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        roots = [root for root in (self._project, self._shipped) if root is not None and root.is_dir()]
        of_presets = {name for preset in self._presets.values() for name in preset.digests}
        return sorted({str(path.relative_to(root)) for root in roots for path in root.rglob("*.j2")} | of_presets)


def _read(path: Path, shown: str, within: Path) -> tuple[str, str, None] | None:
    """Return a template, or None if there is none. If it exists but cannot be read, this is an error, not a reason to use another one."""
    try:
        return read_file(path, within).decode("utf-8-sig"), shown, None
    except IsADirectoryError:
        return None
    except (FileNotFoundError, NotADirectoryError):
        if is_linked(path, within):
            raise
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise jinja2.TemplateSyntaxError(found, line, filename=shown) from None


class Renderer:
    """Renders templates. Rendering twice gives the same tree; a template is compiled once."""

    def __init__(self, loader: Loader, bytecode_cache: jinja2.BytecodeCache | None = None) -> None:
        self._environment = TemplateEnvironment(loader, bytecode_cache)
        self._names: Final = names()
        # `namespace` is Jinja2's function, except in the template of the Namespace.
        known = self._environment.globals
        self._absent: Final = {name: absent(type) for name, type in self._names.items() if name not in known}

    def render(self, template: str, context: Mapping[str, Value], budget: Budget | None = None) -> Rendered:
        """Render `template` with the description's `context`, and return the object; names that are not in it are none.

        All renderings of a profile share a `budget`. Errors of a template are returned as problems; only OSError is raised, if it
        cannot be read. Threads may share a renderer.
        """
        rendering = Rendering(budget or Budget())
        token = CURRENT.set(rendering)
        shown = template
        try:
            found = self._environment.get_template(template)
            shown = found.filename or template
            text = found.render({**self._absent, **context})
            builder = TreeBuilder(shown, rendering.held)
            return Rendered(builder.tree(text), builder.problems)
        except jinja2.TemplateNotFound as error:
            if isinstance(error.name, jinja2.Undefined):  # one of several names, such as those of an `include`
                undefined = jinja2.UndefinedError(error.name._undefined_message)
                return Rendered(None, [self._failed(shown, undefined.with_traceback(error.__traceback__))])
            return Rendered(None, [self._missing(template, error)])
        except jinja2.TemplateSyntaxError as error:
            message, hint = _hinted(error.message or "cannot be read")
            origin = line_of(error.filename or error.name or template, error.lineno)
            return Rendered(None, [INVALID_TEMPLATE_SYNTAX.at(origin, message, hint=hint)])
        except OSError:
            raise
        except Exception as error:
            # Jinja2 and Python raise many kinds of exceptions for a faulty expression.
            return Rendered(None, [self._failed(shown, error)])
        finally:
            CURRENT.reset(token)

    def _missing(self, template: str, error: jinja2.TemplateNotFound) -> Problem:
        wanted = str(error.name or template)
        place = _place(error) or origin_of(template)
        if not re.fullmatch(_NAME, wanted):
            hint = "a template's name must consist of letters, digits, `.`, `_`, `-` and `/`"
            return UNKNOWN_TEMPLATE.at(place, f"invalid template name `{wanted}`", hint=hint)
        known = self._environment.loader.list_templates() if self._environment.loader else []
        hint = did_you_mean(wanted, known) or f"known templates: {', '.join(known)}"
        return UNKNOWN_TEMPLATE.at(place, f"unknown template `{wanted}`", hint=hint)

    def _failed(self, template: str, error: Exception) -> Problem:
        message, hint = _hinted(_said(error))
        name = message.split("`")[1] if message.count("`") == 2 and message.endswith("is undefined") else ""
        if name:
            hint = did_you_mean(name, self._names) or f"known variables: {', '.join(self._names)}"
        stated = isinstance(error, TemplateError) and error.line
        place = line_of(error.file, error.line) if stated else _place(error) or line_of(template, 1)  # type: ignore[attr-defined]
        return INVALID_TEMPLATE.at(place, message, hint=hint)


def _said(error: Exception) -> str:
    """Return the message of an error, reworded if Python's is meant for programmers."""
    if isinstance(error, RecursionError):
        inside = _place(error) is not None
        return "endless recursion of macros or includes" if inside else "values are nested too deeply"
    if isinstance(error, MemoryError):
        return "the output of the template does not fit into memory"
    message = str(error).rstrip(".")
    if "non-namespace object" in message:
        return "`set` cannot change part of a value; use a variable, or a `namespace()`"
    if isinstance(error, (jinja2.TemplateError, SecurityError, TemplateError, TypeError, ValueError, ArithmeticError)):
        return message
    return f"cannot evaluate an expression, {type(error).__name__}: {message}"


def _hinted(message: str) -> tuple[str, str]:
    """Split one of our messages into the message proper and the hint."""
    found, colon, hint = message.partition(": ")
    if colon and hint and found.startswith(("an expression in", "templates do not support", "`", "the filter")):
        return found, hint
    if unknown := re.match(_NO_FILTER, message, re.DOTALL):
        name = literal_eval(unknown[1])  # a string in `map` and `select` can be any text
        return f"unknown filter `{name}`", did_you_mean(name, filter_names())
    found, semicolon, hint = message.partition("; ")
    return (found, hint) if semicolon else (message, "")


def _place(error: Exception) -> Origin | None:
    """Return the line of the template that was being rendered: Jinja2 rewrites its frames to templates' names and lines."""
    trace = error.__traceback__
    place = None
    while trace is not None:
        if not trace.tb_frame.f_globals.keys().isdisjoint(("__jinja_template__", "__jinja_exception__")):
            place = line_of(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place
