"""The way of an edition and of a branch, from draft to report. The same table stands in the database (migration
`campaign_states`), which refuses every other move, and a move to approved that does not name two people."""

from __future__ import annotations

from campaigns.enums import CampaignState as S
from campaigns.models.campaigns import Plan
from core.errors import DomainError

MOVES: dict[S, set[S]] = {
    S.DRAFT: {S.APPROVED},
    S.APPROVED: {S.OPEN, S.DRAFT},
    S.OPEN: {S.CLOSED},
    S.CLOSED: {S.REPORTED},
    S.REPORTED: set(),
}
PUBLIC = (S.OPEN, S.CLOSED, S.REPORTED)
EDITABLE = (S.DRAFT, S.APPROVED, S.OPEN)


def move(plan: Plan, to: S) -> None:
    """Put a row that the caller has locked, and will save, into its next state; DomainError wrong_state."""
    if to not in MOVES[S(plan.state)]:
        raise DomainError("wrong_state", state=str(plan.state))
    plan.state = to
