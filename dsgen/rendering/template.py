"""Rendering: a description and the name of a template give the tree of one object."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jinja2
from jinja2.exceptions import SecurityError

from dsgen.problem import Problem, code, nearest
from dsgen.reading import is_linked, read_file
from dsgen.record import Record
from dsgen.rendering.environment import Environment, TemplateError, absent, filter_names
from dsgen.rendering.layout import Layout, line_of
from dsgen.resolve.description import names
from dsgen.tree import Map, Origin, Value, origin_of

TEMPLATE_SYNTAX = code(
    "template-syntax",
    "A template cannot be read: Jinja2 refuses it, or an expression stands where YAML has no place for a value.",
)
TEMPLATE_ERROR = code(
    "template-error", "A template uses a name that does not exist, or does something that templates may not do."
)
TEMPLATE_MISSING = code(
    "template-missing", "There is no such template, neither in the project nor among the shipped ones."
)

SHIPPED: Final = "dsgen/"


class Rendered(Record):
    """What a template made: the tree, or None and the problems."""

    tree: Map | None
    problems: list[Problem]


class Loader(jinja2.BaseLoader):
    """Finds templates: the project's come before the shipped ones, and `dsgen/NAME` always means the shipped one.

    `project` is the folder of the project's templates, below the folder `root` of the project, and `shown` the name to show for it.
    """

    def __init__(self, shipped: Path, project: Path | None = None, shown: str = "", root: Path | None = None) -> None:
        self._shipped = shipped
        self._project = project
        self._shown = shown
        self._root = root

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        """Return the text of a template and the name to show for it. Raises OSError for one that is there and cannot be read."""
        parts = jinja2.loaders.split_template_path(template)
        if self._project is not None and not template.startswith(SHIPPED):
            found = _read(self._project.joinpath(*parts), f"{self._shown}/{template}", self._root or self._project)
            if found:
                return found
        path = self._shipped.joinpath(*(parts[1:] if template.startswith(SHIPPED) else parts))
        found = _read(path, SHIPPED + template.removeprefix(SHIPPED), self._shipped)
        if found:
            return found
        raise jinja2.TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        roots = [root for root in (self._project, self._shipped) if root is not None and root.is_dir()]
        return sorted({str(path.relative_to(root)) for root in roots for path in root.rglob("*.j2")})


def _read(path: Path, shown: str, within: Path) -> tuple[str, str, None] | None:
    """Return a template, or None where there is none. What is there and cannot be read is not passed over for another one."""
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
        self._environment = Environment(loader, bytecode_cache)
        self._names: Final = names()
        # `namespace` is a function of Jinja2's, except in the template of the Namespace.
        known = self._environment.globals
        self._absent: Final = {name: absent(type) for name, type in self._names.items() if name not in known}

    def render(self, template: str, context: Mapping[str, Value]) -> Rendered:
        """Return the object that `template` makes of the description's `context`; names that are not in it are none."""
        environment = self._environment
        held: list[object] = []
        environment.held = held
        shown = template
        try:
            found = environment.get_template(template)
            shown = found.filename or template
            text = found.render({**self._absent, **context})
        except jinja2.TemplateNotFound as error:
            return Rendered(None, [self._missing(template, error)])
        except jinja2.TemplateSyntaxError as error:
            message, hint = _hinted(error.message or "cannot be read")
            return Rendered(
                None,
                [
                    TEMPLATE_SYNTAX.at(
                        line_of(error.filename or error.name or template, error.lineno), message, hint=hint
                    )
                ],
            )
        except (
            jinja2.UndefinedError,
            SecurityError,
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            RecursionError,
        ) as error:
            return Rendered(None, [self._failed(shown, error)])
        layout = Layout(shown, held)
        tree = layout.tree(text)
        return Rendered(tree, layout.problems)

    def _missing(self, template: str, error: jinja2.TemplateNotFound) -> Problem:
        wanted = str(error.name or template)
        place = _place(error) or origin_of(template)
        known = self._environment.loader.list_templates() if self._environment.loader else []
        hint = nearest(wanted, known) or f"there are: {', '.join(known)}"
        return TEMPLATE_MISSING.at(place, f"no template `{wanted}`", hint=hint)

    def _failed(self, template: str, error: Exception) -> Problem:
        message, hint = _hinted(str(error).rstrip("."))
        if isinstance(error, RecursionError):
            message = "macros or includes call each other without end"
        name = message.split("`")[1] if message.count("`") == 2 and message.endswith("is undefined") else ""
        if name:
            hint = nearest(name, self._names) or f"templates know {', '.join(self._names)}"
        return TEMPLATE_ERROR.at(_place(error) or line_of(template, 1), message, hint=hint)


def _hinted(message: str) -> tuple[str, str]:
    """Split a message of ours into what was found and what to do."""
    found, colon, hint = message.partition(": ")
    if colon and hint and found.startswith(("an expression in", "templates have no", "`", "the filter")):
        return found, hint
    if found.startswith("No filter named"):
        return f"no filter is called `{found.split(chr(39))[1]}`", nearest(found.split("'")[1], filter_names())
    found, semicolon, hint = message.partition("; ")
    return (found, hint) if semicolon else (message, "")


def _place(error: Exception) -> Origin | None:
    """Return the line of the template that was being rendered: Jinja2 rewrites its frames to templates' names and lines."""
    trace = error.__traceback__
    place = None
    while trace is not None:
        if "__jinja_template__" in trace.tb_frame.f_globals or trace.tb_frame.f_code.co_filename.endswith(".j2"):
            place = line_of(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place
