"""Profiles: what may still be changed, and what a file would be read as, without storing anything."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from core.errors import DomainError
from core.jalali import tehran_today
from payments.models import MappingProfile, StatementLine
from payments.statements.base import FileRefused, Outcome, Passed, ReadLine, UnreadLine
from payments.statements.profiles import FROZEN, defaulted, parse_profile
from payments.statements.reading import Reading

PREVIEW_LINES = 50
MOST_PREVIEWED_BYTES = 20 * 1024 * 1024


@dataclass
class Preview:
    """The beginning of a file as a profile reads it."""

    lines: list[ReadLine] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)


def check_rules(rules: Any, file_format: str, known: MappingProfile | None = None) -> None:
    """Raise DomainError: bad_profile (with problems), or profile_in_use when rules that make a line what it is
    change although lines were read by them."""
    parse_profile(rules, file_format)
    if known is None or not _is_used(known):
        return
    before, after = defaulted(known.rules), defaulted(rules)
    changed = [name for name in FROZEN if before[name] != after[name]]
    if changed or known.file_format != file_format:
        raise DomainError("profile_in_use", field="rules", changed=changed)


def _is_used(profile: MappingProfile) -> bool:
    sources = list(profile.statementsource_set.values_list("pk", flat=True))
    return any(StatementLine.objects.filter(source=source).exists() for source in sources)


def preview(rules: Any, file_format: str, content: bytes) -> Preview:
    """The first lines of a file; nothing is stored. DomainError: bad_profile, file_refused (with reason and facts)."""
    if len(content) > MOST_PREVIEWED_BYTES:
        raise DomainError("file_too_large", field="file")
    reading = Reading(
        parse_profile(rules, file_format), io.BytesIO(content), latest_day=tehran_today().isoformat()
    )
    seen = Preview()
    try:
        for outcome in islice(reading.outcomes(), PREVIEW_LINES):
            _put(seen, outcome)
    except FileRefused as refusal:
        raise DomainError("file_refused", field="file", reason=refusal.reason, **refusal.facts) from refusal
    seen.unmapped = reading.unmapped
    return seen


def _put(seen: Preview, outcome: Outcome) -> None:
    if isinstance(outcome, ReadLine):
        seen.lines.append(outcome)
    elif isinstance(outcome, UnreadLine):
        seen.unread.append(outcome)
    else:
        seen.passed.append(outcome)
