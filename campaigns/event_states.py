"""The way of an event as a table: from state → the states it may go to. The database holds the same table."""

from campaigns.enums import EventState as S
from campaigns.models import Event
from core.errors import DomainError

MOVES: dict[S, tuple[S, ...]] = {
    S.PLANNED: (S.ANNOUNCED, S.CANCELLED),
    S.ANNOUNCED: (S.HELD, S.CANCELLED),
    S.HELD: (S.REPORTED,),
    S.REPORTED: (),
    S.CANCELLED: (),
}
SHOWN = (S.ANNOUNCED, S.HELD, S.REPORTED)


def move(event: Event, to: S) -> None:
    """Put an event that the caller has locked, and will save, into its next state; DomainError event_cannot_move."""
    if to not in MOVES[S(event.state)]:
        raise DomainError("event_cannot_move")
    event.state = to
