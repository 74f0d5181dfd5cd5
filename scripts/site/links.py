"""The links of the built site: each leads to a file and an anchor that exist, and no page loads anything from elsewhere."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_LOADED: Final = {"script": "src", "img": "src", "iframe": "src", "source": "src"}
# Relations of a link that a browser follows by itself.
_FETCHED: Final = {
    "stylesheet",
    "icon",
    "preload",
    "preconnect",
    "prefetch",
    "modulepreload",
    "dns-prefetch",
    "manifest",
}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and _FETCHED & set(given.get("rel", "").split()):
            self.loaded.append(given.get("href", ""))
        if tag in _LOADED and _LOADED[tag] in given:
            self.loaded.append(given[_LOADED[tag]])


def broken(folder: Path) -> list[str]:
    """Return a line for each link of the pages in a folder that leads nowhere, and for each file that they load from elsewhere."""
    pages: dict[Path, _Page] = {}
    for path in sorted(folder.rglob("*.html")):
        pages[path] = page = _Page()
        page.feed(path.read_text("utf-8"))
    found = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # its links begin at the root of the host
        name = path.relative_to(folder)
        found += [f"{name} loads {url}" for url in page.loaded if urlsplit(url).netloc]
        for url in (*page.links, *page.loaded):
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = path if not parts.path else Path(os.path.normpath(path.parent / unquote(parts.path)))
            if target.is_dir():
                target /= "index.html"
            if not target.is_relative_to(folder):
                continue
            if not target.is_file():
                found.append(f"{name} links to {url}: there is no such file")
            elif parts.fragment and target in pages and not _has(pages[target], unquote(parts.fragment)):
                found.append(f"{name} links to {url}: there is no such anchor")
    return found


def _has(page: _Page, anchor: str) -> bool:
    return anchor in page.anchors or re.fullmatch(r"__\w+", anchor) is not None
