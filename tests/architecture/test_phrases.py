"""Every sentence that a page or a module names is there: a template says nothing at all where one is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from core.phrases import SENTENCES
from tests.architecture.test_persian_placement import ROOT, modules

TEMPLATES = ROOT / "templates"
VARIABLES = "phrases|words|claim_phrases"
LOOKUP = re.compile(rf"\b({VARIABLES})\.([A-Z][A-Z0-9_]*)\b")
TAKES_IN = re.compile(r'{%\s*(?:include|extends)\s+"([^"]+)"([^%]*)%}')
GIVES = re.compile(r"\b(\w+)=(\w+)\b")
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)
# Refusals that no person meets, each with its reason.
UNSAID = {"source_reused": "told to payment apps as a verdict"}
Context = dict[str, set[str]]  # {variable of a template: modules of sentences}


def sentences_in(tree: ast.AST) -> dict[str, str]:
    """{local name: module} of the modules of sentences that a module knows."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                if name.name.endswith("phrases"):
                    found[name.asname or name.name] = f"{node.module}.{name.name}"
    return found


def handed(node: ast.AST, known: dict[str, str]) -> Context:
    """What a piece of code hands on by keyword or in a dict."""
    found: Context = {}
    for part in ast.walk(node):
        pairs: list[tuple[object, ast.AST]] = []
        if isinstance(part, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in part.keywords]
        elif isinstance(part, ast.Dict):
            pairs = [
                (getattr(key, "value", None), value)
                for key, value in zip(part.keys, part.values, strict=True)
            ]
        for name, value in pairs:
            if isinstance(value, ast.Name) and value.id in known and isinstance(name, str):
                found.setdefault(name, set()).add(known[value.id])
    return found


@cache
def parsed() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in modules()
    }


@cache
def handed_by(module: str) -> Context:
    tree = parsed().get(module)
    return {} if tree is None else handed(tree, sentences_in(tree))


def templates_in(node: ast.AST, words: set[str]) -> set[str]:
    """The templates that a piece of code names, whole or with one of the module's words within."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and str(part.value).endswith(".html"):
            found.add(part.value)
        elif isinstance(part, ast.JoinedStr):
            start, end = (str(getattr(piece, "value", "")) for piece in (part.values[0], part.values[-1]))
            found |= {f"{start}{word}{end}" for word in words} if end.endswith(".html") else set()
    return {name for name in found if (TEMPLATES / name).is_file()}


def pages() -> Iterator[tuple[str, Context]]:
    """(template, what its context calls sentences) wherever a function names a template. What the function does not
    hand on itself comes from its module, or from a helper that the module imports."""
    for module, tree in parsed().items():
        known = sentences_in(tree)
        helpers = [
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in parsed()
        ]
        words = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        for part in tree.body:
            context = handed(part, known)
            for source in (handed_by(module), *map(handed_by, helpers)):
                for name, said in source.items():
                    context.setdefault(name, said)
            for template in templates_in(part, words):
                yield template, context


@cache
def read(template: str) -> str:
    return COMMENT.sub("", (TEMPLATES / template).read_text(encoding="utf-8"))


def drawn_by(template: str, context: Context, seen: set[str] | None = None) -> Iterator[tuple[str, Context]]:
    """The template and all it takes in, each with what its context calls sentences."""
    seen = set() if seen is None else seen
    if template in seen or not (TEMPLATES / template).is_file():
        return
    seen.add(template)
    yield template, context
    for name, options in TAKES_IN.findall(read(template)):
        given = {new: context[old] for new, old in GIVES.findall(options) if old in context}
        own = {} if options.split()[-1:] == ["only"] else context
        yield from drawn_by(name, own | given, seen)


def lost(template: str, context: Context) -> Iterator[str]:
    for piece, said in drawn_by(template, context):
        for variable, name in sorted(set(LOOKUP.findall(read(piece)))):
            if not any(hasattr(import_module(module), name) for module in said.get(variable, ())):
                yield f"{piece} ({template}): {variable}.{name}"


def test_every_sentence_that_a_page_names_is_there():
    found = {line for template, context in pages() for line in lost(template, context)}
    assert not found, "\n".join(sorted(found))


def test_every_template_that_names_sentences_was_looked_at():
    looked_at = {piece for template, context in pages() for piece, _said in drawn_by(template, context)}
    naming = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if LOOKUP.search(read(str(path.relative_to(TEMPLATES))))
    }
    assert naming - looked_at == set()


def test_every_sentence_that_code_names_is_there():
    missing = [
        f"{module}:{node.lineno} {node.value.id}.{node.attr}"
        for module, tree in parsed().items()
        for known in [sentences_in(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
        if not hasattr(import_module(known[node.value.id]), node.attr)
    ]
    assert not missing, "\n".join(missing)


def refusals() -> dict[str, str]:
    """{code: module} of what services refuse."""
    return {
        node.args[0].value: module
        for module, tree in parsed().items()
        if ".services" in module
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError"
        if node.args and isinstance(node.args[0], ast.Constant)
    }


def test_every_refusal_of_a_service_has_its_sentence():
    said = refusals()
    assert {code: said[code] for code in said if code not in SENTENCES and code not in UNSAID} == {}
    assert set(UNSAID) <= set(said)


def test_the_check_sees_what_it_is_for():
    context = {"phrases": {"aid.stock_phrases"}, "words": {"aid.allocation_phrases"}}
    assert not list(lost("desk/stock/delivery.html", context))
    assert "desk/stock/delivery.html (desk/stock/delivery.html): words.DELIVERY" in list(
        lost("desk/stock/delivery.html", context | {"words": {"aid.trail_phrases"}})
    )
