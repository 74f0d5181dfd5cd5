"""The pages of the site: those of the repository, with links that work there."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from dsgen.version import __version__

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
WHEEL: Final = f"dsgen_k8s-{__version__}-py3-none-any.whl"
# Begins a link of the first page to a file that only the site has.
SITE: Final = "site:"
# Where the pages next to `docs/` are on the site, and files that are not pages.
_BESIDE: Final = "project"
_FILES: Final = "files"
# Code, or a link.
_LINK: Final = re.compile(r"`+[^`\n]*`+|(\]\()([^)\s]+)(?=\))")
_FENCE: Final = re.compile(r"^( *)(```+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)


def page_of(path: str) -> str:
    """Return the page of the site that a file of the repository becomes, by its path in the repository."""
    if path == "README.md":
        return "index.md"
    if path.startswith("docs/"):
        return re.sub(r"(^|/)README\.md$", r"\1index.md", path.removeprefix("docs/"))
    return f"{_BESIDE}/{path.removesuffix('.md').lower()}.md"


def sources() -> list[str]:
    """Return the paths of all pages in the repository."""
    return [str(path.relative_to(ROOT)) for path in (*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")))]


def title(path: str) -> str:
    """Return the title of a page of the repository, without the words that all guides begin with."""
    found = re.search(r"^# (.+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    words = (found[1] if found else path).removeprefix("How to ")
    return words if words.startswith("dsgen") else words[0].upper() + words[1:]


def first_page(readme: str) -> str:
    """Return the first page: the README, for readers who have no checkout."""
    install = (ROOT / "site/install.md").read_text("utf-8").replace("WHEEL", WHEEL).replace("](../", "](")
    text = re.sub(r"^## Install\n.*?(?=^## )", lambda _: f"{install}\n", readme, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^## Working from a checkout\n.*\Z", "", text, flags=re.MULTILINE | re.DOTALL)
    return f"---\ntitle: dsgen\n---\n\n{text}"


def for_site(path: str, text: str, used: set[str]) -> str:
    """Return the text of a page of the repository with links for the site. Files that are not pages are added to `used`.

    Raises ValueError for a link to a file that does not exist.
    """
    page = page_of(path)

    def link(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        target, hash_, anchor = found[2].partition("#")
        if target.startswith(SITE):
            return f"{found[1]}{target.removeprefix(SITE)}"
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        known = os.path.normpath(os.path.join(os.path.dirname(path), target))
        whole = ROOT / known
        if known.endswith(".md") and whole.is_file():
            there = page_of(known)
        elif whole.is_file() and whole.suffix == ".png":
            there = known.removeprefix("docs/")
            used.add(known)
        elif whole.is_file():
            # Every server sends these as text.
            there = f"{_FILES}/{known}.txt"
            used.add(known)
        else:
            raise ValueError(f"{path} links to {found[2]}, which is not a file")
        return f"{found[1]}{os.path.relpath(there, os.path.dirname(page) or '.')}{hash_}{anchor}"

    parts = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [_LINK.sub(link, text[end : fence.start()]), fence[0]]
        end = fence.end()
    parts.append(_LINK.sub(link, text[end:]))
    return "".join(parts).replace("<details>", '<details markdown="1">')


def write(folder: Path) -> None:
    """Write the pages, and the files that they link to, to a folder for the generator of the site."""
    used: set[str] = set()
    for path in sources():
        text = (ROOT / path).read_text("utf-8")
        target = folder / page_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(for_site(path, first_page(text) if path == "README.md" else text, used), "utf-8")
    for path in sorted(used):
        picture = path.endswith(".png")
        target = folder / path.removeprefix("docs/") if picture else folder / _FILES / f"{path}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
