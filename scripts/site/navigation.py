"""The navigation of the site: the documentation table of the README, and the pages of the presets and the design decisions."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import Final

from scripts.site.pages import ROOT, page_of, sources, title

_ROW: Final = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
_LINK: Final = re.compile(r"\[[^\]]+\]\(([^)#]+\.md)[^)]*\)")
# Pages for those who work on dsgen, which the table does not list.
_PROJECT: Final = ("CONTRIBUTING.md", "SECURITY.md", "docs/development.md", "docs/style.md")
# The pages that those of a folder follow, and the title of the folder.
_FOLDERS: Final = {"docs/presets/README.md": "The presets", "docs/decisions/README.md": "Design decisions"}


def sections() -> dict[str, list[str]]:
    """Return the pages of the repository by section, in the order of the README. Raises ValueError for a page in no section."""
    table = (ROOT / "README.md").read_text("utf-8").partition("## Documentation\n")[2]
    found: dict[str, list[str]] = {}
    for cell, links in _ROW.findall(table):
        pages = _LINK.findall(f"{cell} {links}")
        name = re.sub(r"\[(.+?)\].*", r"\1", cell)
        if pages:
            found[name] = list(dict.fromkeys(pages))
    listed = {page for pages in found.values() for page in pages}
    found["Project"] = [page for page in _PROJECT if page not in listed]
    listed |= {*_PROJECT, "README.md"}
    folders = tuple(os.path.dirname(each) for each in _FOLDERS)
    rest = [page for page in sources() if page not in listed and os.path.dirname(page) not in folders]
    unlisted = [page for page in rest if not page.startswith(("docs/reference/", "docs/kubernetes-"))]
    if unlisted:
        raise ValueError(f"the documentation table of README.md does not list {', '.join(unlisted)}")
    found["Reference"] += rest
    return found


def navigation() -> str:
    """Return the navigation as the setting `nav` of the generator."""
    entries = [_entry("Home", "index.md"), _entry("Playground", "playground/index.html")]
    guides: list[str] = []
    for name, pages in sections().items():
        _, _, part = name.partition(": ")
        if not part:
            if guides:
                entries.append(_section("How-to", guides))
                guides = []
            entries.append(_entry(name, page_of(pages[0])) if len(pages) == 1 else _section(name, map(_page, pages)))
        else:
            guides.append(_section(part[0].upper() + part[1:], map(_page, pages)))
    return f"nav = [{', '.join(entries)}]"


def _page(path: str) -> str:
    if path not in _FOLDERS:
        return _entry(title(path), page_of(path))
    folder = os.path.dirname(path)
    below = sorted(str(page.relative_to(ROOT)) for page in (ROOT / folder).glob("*.md") if page != ROOT / path)
    return _section(
        _FOLDERS[path], [_entry("All", page_of(path)), *(_entry(title(page), page_of(page)) for page in below)]
    )


def _entry(name: str, page: str) -> str:
    return f"{{ {json.dumps(name, ensure_ascii=False)} = {json.dumps(page)} }}"


def _section(name: str, entries: Iterable[str]) -> str:
    return f"{{ {json.dumps(name)} = [{', '.join(entries)}] }}"
