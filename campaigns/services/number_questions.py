"""How often somebody may ask whether a number is ours.

A person asks about one or two; whoever asks about dozens tries numbers. The number itself is kept nowhere.
"""

from __future__ import annotations

from core.limits import count_or_refuse

MOST_QUESTIONS = 30
WINDOW_SECONDS = 600


def note_question(address: str) -> None:
    """Count a question from an address; DomainError("too_many_questions", 429) when there were too many lately."""
    count_or_refuse(
        "number-asked", address, most=MOST_QUESTIONS, seconds=WINDOW_SECONDS, code="too_many_questions"
    )
