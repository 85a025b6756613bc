"""What must hold on every page the portal sends, whoever makes it: `faults(html)` names what does not."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import brotli

STATIC = Path(__file__).parents[2] / "static"
FONT_BYTES = (STATIC / "fonts/vazirmatn.woff2").stat().st_size
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_PERSIAN = re.compile(r"PDF|CSV|JSON|Excel|API|QR|shaparak\.ir|https?://\S+")
HALF_SPACE = "\u200c"


class Reader(HTMLParser):
    """The tags of a page, its text outside <bdi>, its inline scripts, and tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.inline: list[str] = []
        self.unclosed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(f"</{tag}> in line {self.getpos()[0]}")

    def handle_data(self, data):
        if "script" in self.open or "style" in self.open:
            is_data = self.tags[-1][1].get("type") == "application/json"
            if data.strip() and not is_data:
                self.inline.append(data.strip()[:60])
        elif "bdi" not in self.open:
            self.text += f" {data}"


def faults(html: str) -> list[str]:
    """Sentences about what is wrong; an empty list for a sound page."""
    page = Reader(html)
    return [*_frame(html, page), *_policy(page), *_references(page), *spelling(page.text)]


def _frame(html: str, page: Reader) -> list[str]:
    found = [*page.unclosed, *[f"<{tag}> is never closed" for tag in page.open]]
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    root = dict(page.tags).get("html", {})
    if root.get("lang") != "fa" or root.get("dir") != "rtl":
        found.append("not <html lang=fa dir=rtl>")
    names = Counter(tag for tag, _attributes in page.tags)
    for tag in ("h1", "main", "title"):
        if tag == "title" and names["title"] >= 1:  # drawings have titles too
            continue
        if names[tag] != 1:
            found.append(f"{names[tag]} <{tag}>")
    return found


def _policy(page: Reader) -> list[str]:
    found = [f"inline script or style: {text}" for text in page.inline]
    for tag, attributes in page.tags:
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            found.append(f"inline style or handler on <{tag}> {attributes}")
        for name in ("src", "href", "action"):
            if attributes.get(name, "").strip().lower().startswith(("javascript:", "data:")):
                found.append(f"<{tag} {name}={attributes[name][:40]}>")
    return found


def _references(page: Reader) -> list[str]:
    ids = Counter(attributes["id"] for _tag, attributes in page.tags if attributes.get("id"))
    found = [f"id {one} stands {count} times" for one, count in ids.items() if count > 1]
    for tag, attributes in page.tags:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            found += [
                f"<{tag} {name}={one}> leads nowhere"
                for one in attributes.get(name, "").split()
                if one not in ids
            ]
    return found


def spelling(text: str) -> list[str]:
    """Foreign letters and digits, «None», and half-spaces that are missing."""
    text = NOT_PERSIAN.sub("", text)
    found = [f"Arabic letter {letter}" for letter in "يك" if letter in text]
    found += [f"digits {digits}" for digits in re.findall(r"[0-9٠-٩]+", text)]
    found += ["None"] if re.search(r"\bNone\b", text) else []
    word = rf"[\w{HALF_SPACE}]"
    found += [f"«{one}»" for one in re.findall(rf"(?<!{word})ن?می [آ-ی]{{2,}}", text)]
    found += [f"«{one}»" for one in re.findall(rf"{word}+ ها(?:ی|یی)?(?!{word})", text)]
    return found


def weight(html: str) -> int:
    """Compressed bytes of a page with all it links to, without the font."""
    linked = {
        (attributes.get("href") or attributes.get("src") or "").split("#")[0]
        for tag, attributes in Reader(html).tags
        if tag in {"link", "script", "use"}
    }
    total = len(brotli.compress(html.encode(), quality=5))
    for address in linked:
        file = STATIC / address.partition("/static/")[2]
        if "/static/" in address and file.is_file():
            total += len(brotli.compress(file.read_bytes(), quality=11))
    return total
