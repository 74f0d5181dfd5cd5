"""What a test reads of an HTML page."""

from __future__ import annotations

from html.parser import HTMLParser


class Words(HTMLParser):
    """Collects the text of a page, its tags, and the addresses and ids in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["style"], ["script"]) or not data.strip():
            self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)
