"""Every page and component, from the sample contexts: what must hold on each of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import brotli
import pytest

from tests.static.demo_pages import ROOT, pages, render

PAGES = pages()
VOID = set(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


class Reader(HTMLParser):
    """Tags, ids and text of a page; complains about tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.faults: list[str] = []
        self.scripts: list[str] = []
        self.in_bdi = 0

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        self.in_bdi += tag == "bdi"

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")
        self.in_bdi -= tag == "bdi"

    def handle_data(self, data):
        if self.open and self.open[-1] == "script" and data.strip():
            self.scripts.append(data)
        elif not self.in_bdi and not {"style", "script"} & set(self.open):
            self.text.append(data)


@pytest.fixture(params=sorted(PAGES), scope="module")
def page(request) -> tuple[str, str, Reader]:
    template, path, context = PAGES[request.param]
    html = render(template, context, path)
    reader = Reader()
    reader.feed(html)
    return request.param, html, reader


def test_is_persian_right_to_left_and_closes_its_tags(page):
    _name, html, reader = page
    assert html.startswith("<!doctype html>")
    assert ("html", {"lang": "fa", "dir": "rtl"}) in reader.tags
    assert reader.faults == []
    assert reader.open == []


def test_carries_nothing_that_the_content_policy_forbids(page):
    _name, _html, reader = page
    assert reader.scripts == []
    for tag, attributes in reader.tags:
        assert tag != "style"
        assert "style" not in attributes, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        for name in ("src", "href", "action"):
            assert not (attributes.get(name) or "").startswith(("javascript:", "data:")), (tag, attributes)


def test_ids_are_unique_and_labels_lead_to_something(page):
    name, _html, reader = page
    ids = [attributes["id"] for _tag, attributes in reader.tags if attributes.get("id")]
    if name != "styleguide":  # it shows the same form twice
        assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    for tag, attributes in reader.tags:
        for key in ("for", "aria-labelledby", "aria-describedby"):
            for one in (attributes.get(key) or "").split():
                assert one in ids, (tag, key, one)


def test_one_heading_of_the_first_rank(page):
    _name, _html, reader = page
    assert [tag for tag, _ in reader.tags].count("h1") == 1


def test_speaks_with_persian_letters_and_digits(page):
    _name, _html, reader = page
    text = " ".join(reader.text)
    assert "ي" not in text
    assert "ك" not in text
    assert "None" not in text
    lone = re.sub(r"PDF|CSV|JSON|shaparak\.ir|https?://\S+", "", text)
    assert re.findall(r"[0-9]+", lone) == []
    assert re.findall(r"(?<![\w‌])ن?می [آ-ی]{2,}", lone) == []  # «می شود» for «می‌شود»
    assert re.findall(r"[آ-ی] ها(?:ی|یی)?(?![\w‌])", lone) == []  # «کمک ها» for «کمک‌ها»


def test_weighs_less_than_a_hundred_kilobytes_with_its_font(page):
    name, html, reader = page
    weight = len(brotli.compress(html.encode(), quality=5))
    linked = {
        (attributes.get("href") or attributes.get("src") or "").split("#")[0]
        for tag, attributes in reader.tags
        if tag in {"link", "script", "use"}
    }
    for address in linked:
        if "/static/" in address:
            file = ROOT / "static" / address.split("/static/")[1]
            weight += len(brotli.compress(file.read_bytes(), quality=11))
    font = (ROOT / "static/fonts/vazirmatn.woff2").stat().st_size
    assert weight + font < 100 * 1024
    if name.startswith("give"):
        assert weight < 45 * 1024, "usable before the font has come"


def test_the_map_is_light():
    template, path, context = PAGES["home"]
    html = render(template, context, path)
    start = html.index('<svg class="map-picture"')
    picture = html[start : html.index("</svg>", start)]
    assert picture.count("<a href=") == 31
    assert len(brotli.compress(picture.encode(), quality=5)) < 14 * 1024


def test_the_error_page_of_a_broken_server_needs_nothing_that_may_be_broken():
    for name in ("500.html", "400.html"):
        source = (ROOT / "templates/errors" / name).read_text(encoding="utf-8")
        assert "{%" not in source
        assert "{{" not in source


def test_templates_name_only_this_site():
    for path in Path(ROOT / "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="(?:https?:)?//', source), path
