"""Components, shells and error pages from sample contexts; what holds for the source of every template."""

from __future__ import annotations

import re

import brotli
import pytest

from tests.static.page_rules import FONT_BYTES, faults, spelling, weight
from tests.static.specimens import ROOT, pages, render

PAGES = pages()
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_specimens_keep_the_rules_of_every_page(name):
    template, path, context = PAGES[name]
    html = render(template, context, path)
    assert faults(html) == []
    assert weight(html) + FONT_BYTES < 100 * 1024


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p style='color:red'>", "inline style"),
        ("<p onclick='x()'>", "inline style or handler"),
        ("<script>alert(1)</script>", "inline script"),
        ("<a href='javascript:x()'>", "javascript:"),
        ("<div></p></div>", "</p>"),
        ("<label for='nothing'></label>", "leads nowhere"),
        ("<i id='a'></i><i id='a'></i>", "stands 2 times"),
        ("<p>کمک ها</p>", "کمک ها"),
        ("<p>می شود</p>", "می شود"),
        ("<p>123</p>", "digits 123"),
        ("<p>علي</p>", "Arabic letter"),
    ],
)
def test_the_rules_catch_what_they_are_there_for(html, fault):
    assert any(fault in found for found in faults(html))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_sources_of_templates(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"""<[^>]*\s(?:style|on[a-z]+)=["']""", source), "the content policy refuses it"
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", source), "nothing from another site"
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", source), "no inline script"
    assert "<style" not in source
    words = re.sub(
        r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{[{%#].*?[#%}]\}|<[^>]*>", " ", source, flags=re.S
    )
    assert [found for found in spelling(words) if not found.startswith("digits")] == []


def test_the_map_is_light():
    template, path, context = PAGES["styleguide"]
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
