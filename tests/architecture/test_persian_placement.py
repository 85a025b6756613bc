"""Persian stands where the house keeps words: phrases, labels, forms, templates, data. Code speaks in codes."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "behzisti_portal", "core", "provinces", "campaigns", "ledger", "donations", "volunteers", "partnerships", "aid",
    "payments", "cases",
    "dashboards", "runner",
)  # fmt: skip
PERSIAN = re.compile("[آ-يٮ-ۓەۺ-ۿ]")  # letters; a comma or a digit says nothing

# Where words of the page live.
WORDS = (
    "*/phrases.py", "*/*_phrases.py", "*/enums.py", "*/models.py", "*/models/*.py", "*/forms.py", "*/*_forms.py",
    "*/admin.py", "*/apps.py", "*/open_work.py",
)  # fmt: skip

# Elsewhere, each with its reason.
EXCEPTIONS = {
    "core/text.py": "the letters themselves are what it works on",
    "core/jalali.py": "names of months and days of the week",
    "core/money.py": "names of units and scales, read and written",
    "core/number_words.py": "the words of numbers",
    "core/pdf.py": "the page number at the foot of every document",
    "behzisti_portal/settings/base.py": "the names of the language and of the admin site",
    "core/admin_base.py": "the name of every row's key",
    "ledger/accounts.py": "names in the chart of accounts",
    "payments/services/terminals.py": "the name of an account, made with the account",
    "*/services/seeding.py": "names of reference rows, made with the rows",
    "campaigns/need_screening.py": "the words by which people are named",
    "dashboards/demo.py": "contents of the demo",
    "dashboards/demo_aid.py": "contents of the demo",
    "dashboards/demo_files.py": "contents of the demo",
    "dashboards/demo_month.py": "contents of the demo",
    "payments/statements/*": "words that senders write in their files",
    "payments/sandbox_bank/*": "the practice bank is a site of its own",
}


def strings(path: Path) -> list[tuple[int, str]]:
    """Every string of a module that is no docstring: (line, text)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def modules() -> list[Path]:
    return [p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")) if "migrations" not in p.parts]


def allowed(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in (*WORDS, *EXCEPTIONS))


def test_persian_stands_only_where_words_live():
    misplaced = [
        f"{path.relative_to(ROOT)}:{line} {text[:40]}"
        for path in modules()
        if not allowed(str(path.relative_to(ROOT)))
        for line, text in strings(path)
        if PERSIAN.search(text)
    ]
    assert not misplaced, "\n".join(misplaced)


def test_every_exception_is_still_needed():
    named = [
        str(path.relative_to(ROOT)) for path in modules() if any(PERSIAN.search(t) for _, t in strings(path))
    ]
    idle = [pattern for pattern in EXCEPTIONS if not any(fnmatch(name, pattern) for name in named)]
    assert idle == []


def test_the_check_sees_what_it_is_for(tmp_path):
    module = tmp_path / "services.py"
    module.write_text('"""«سند» in a docstring is fine."""\nerror = "کمک دریافت نشد"\n', encoding="utf-8")
    assert [text for _, text in strings(module)] == ["کمک دریافت نشد"]
