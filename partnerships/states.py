"""The way of a memorandum as a table: from state → the states it may go to. The database holds the same table."""

from core.errors import DomainError
from partnerships.enums import AgreementState as S
from partnerships.models import Agreement

MOVES: dict[S, tuple[S, ...]] = {
    S.DRAFT: (S.SIGNED,),
    S.SIGNED: (S.RUNNING, S.ENDED),
    S.RUNNING: (S.FINISHED, S.ENDED),
    S.FINISHED: (),
    S.ENDED: (),
}
IN_FORCE = (S.SIGNED, S.RUNNING)


def move(agreement: Agreement, to: S) -> None:
    """Put a memorandum that the caller has locked, and will save, into its next state; DomainError
    agreement_cannot_move."""
    if to not in MOVES[S(agreement.state)]:
        raise DomainError("agreement_cannot_move")
    agreement.state = to
