"""What all pages share: the frame with its style and the script of the filters, escaping, and the order of names."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any, Final

from dsgen import harmless

FOLDER: Final = Path(__file__).parent
# A part of a name: text, or a number by its length and digits.
Part = tuple[int, int, str]


def render(template: Path, **values: Any) -> str:
    """Return a page that extends `frame.html.j2`. All values are escaped, control characters too."""
    # Imported only here: nothing else in a plan or a diff needs templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader([FOLDER, template.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            value if hasattr(value, "__html__") or not isinstance(value, str) else harmless.line(value)
        ),
    )
    script = (FOLDER / "filter.js").read_text("utf-8")
    # The only script that a browser runs is this one, whatever a page contains.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    style = (FOLDER / "style.css").read_text("utf-8")
    page = environment.get_template(template.name)
    return page.render(style=Markup(style), script=Markup(script), digest=digest, **values)


def natural(name: str) -> tuple[list[Part], str]:
    """Return the key of a name for the order in which people count: `agent-2` comes before `agent-10`."""
    parts = re.split("([0-9]+)", name)
    key = [
        (1, len(digits := part.lstrip("0")), digits) if number % 2 else (0, 0, part)
        for number, part in enumerate(parts)
    ]
    return key, name
