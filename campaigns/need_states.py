"""The states of a need and which moves are allowed.

The same table stands in the database (migration need_life), which refuses every other move. Whoever could decide
about a need looks it up here first, so that a refusal is a sentence and not an error of the database.
"""

from __future__ import annotations

from campaigns.enums import NeedState as S
from core.errors import DomainError

MOVES: dict[S, set[S]] = {
    S.FOUND: {S.VERIFIED, S.REFUSED, S.WITHDRAWN},
    S.REFUSED: {S.FOUND},
    S.VERIFIED: {S.PUBLISHED, S.FOUND, S.WITHDRAWN},
    S.PUBLISHED: {S.FUNDED, S.CLOSED, S.WITHDRAWN},
    S.FUNDED: {S.PUBLISHED, S.CLOSED},
    S.CLOSED: set(),
    S.WITHDRAWN: set(),
}
# The public sees these; the page of one that is withdrawn says so, if it was ever shown.
SHOWN = (S.PUBLISHED, S.FUNDED, S.CLOSED)
EDITABLE = (S.FOUND, S.REFUSED)


def check_move(before: str, after: S) -> None:
    """DomainError("need_cannot_move") when a need may not go from one state to the other."""
    if after not in MOVES[S(before)]:
        raise DomainError("need_cannot_move")
