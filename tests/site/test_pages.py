"""The pages of the site: every page has a place, and every link leads somewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.site import pages
from scripts.site.__main__ import write_versions
from scripts.site.links import broken
from scripts.site.navigation import navigation, sections
from scripts.site.pages import for_site, page_of


def test_every_page_is_in_the_navigation() -> None:
    menu = navigation()
    assert [path for path in pages.sources() if f'"{page_of(path)}"' not in menu] == []
    assert "Tutorial" in sections()


def test_a_page_that_the_readme_does_not_list_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    every = pages.sources()
    monkeypatch.setattr("scripts.site.navigation.sources", lambda: [*every, "docs/how-to/new.md"])
    with pytest.raises(ValueError, match=r"does not list docs/how-to/new\.md"):
        navigation()


def test_each_page_has_its_own_place() -> None:
    places = [page_of(path) for path in pages.sources()]
    assert len(set(places)) == len(places)


def test_links_are_those_of_the_site() -> None:
    used: set[str] = set()
    text = "[a](../faq.md#x) [`b`](../../README.md) [c](../../action.yml) ![d](plan.png) [e](#y) [f](mailto:a@example.com) `[g](h)`"
    assert for_site("docs/how-to/one.md", text, used) == (
        "[a](../faq.md#x) [`b`](../index.md) [c](../files/action.yml.txt) ![d](plan.png) [e](#y) [f](mailto:a@example.com) `[g](h)`"
    )
    assert used == {"action.yml", "docs/how-to/plan.png"}
    block = "```\n[a](b)\n```"
    assert for_site("CHANGELOG.md", block, set()) == block
    assert for_site("CHANGELOG.md", "[a](docs/faq.md)", set()) == "[a](../faq.md)"


def test_a_link_to_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"docs/faq\.md links to nothing\.md"):
        for_site("docs/faq.md", "[a](nothing.md)", set())


def test_all_pages_can_be_written(tmp_path: Path) -> None:
    pages.write(tmp_path)
    first = (tmp_path / "index.md").read_text("utf-8")
    assert f"pip install {pages.WHEEL}" in first
    assert "From a checkout" not in first
    assert "make generate" not in first
    assert (tmp_path / "files/action.yml.txt").read_bytes() == (pages.ROOT / "action.yml").read_bytes()
    assert (tmp_path / "how-to/plan.png").is_file()


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text('<h1 id="top">A</h1><a href="../">up</a><a href="../#there">x</a>', "utf-8")
    page = '<p id="there"><a href="a/#top">ok</a><a href="a/#gone">1</a><a href="b/">2</a><img src="c.png"><a href="https://example.com/">ok</a>'
    (tmp_path / "index.html").write_text(f'{page}<script src="https://example.com/x.js"></script>', "utf-8")
    assert broken(tmp_path) == [
        "index.html loads https://example.com/x.js",
        "index.html links to a/#gone: there is no such anchor",
        "index.html links to b/: there is no such file",
        "index.html links to c.png: there is no such file",
    ]


def test_the_newest_version_is_the_first(tmp_path: Path) -> None:
    for name in ("0.9.0", "0.10.0", "0.2.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").touch()
    write_versions(tmp_path)
    listed = json.loads((tmp_path / "versions.json").read_text("utf-8"))
    assert [each["version"] for each in listed] == ["0.10.0", "0.9.0", "0.2.0"]
    assert [each["aliases"] for each in listed] == [["latest"], [], []]
    assert 'url=0.10.0/"' in (tmp_path / "index.html").read_text("utf-8")
