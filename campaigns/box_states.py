"""The way of a box as a table: from state → the states it may go to. The database holds the same table."""

from campaigns.enums import BoxState as S

MOVES: dict[S, tuple[S, ...]] = {
    S.PLANNED: (S.PRINTED, S.PLACED),  # a sticker may have been printed elsewhere
    S.PRINTED: (S.PLACED,),
    S.PLACED: (S.SEALED, S.LOST, S.DAMAGED),
    S.SEALED: (S.COLLECTED, S.LOST, S.DAMAGED),
    S.DAMAGED: (S.COLLECTED, S.LOST),
    S.LOST: (S.COLLECTED,),  # it was found
    S.COLLECTED: (S.COUNTED, S.LOST),
    S.COUNTED: (S.DEPOSITED, S.RECONCILED),  # an empty box has nothing to bank
    S.DEPOSITED: (S.RECONCILED, S.COUNTED),  # a slip written wrongly is taken back
    S.RECONCILED: (S.PLACED,),  # the next round
}

STANDING = (S.PLACED, S.SEALED, S.DAMAGED)  # somewhere in a street, or what is left of it
WITH_CASH = (S.COLLECTED, S.COUNTED, S.DEPOSITED)


def may_move(before: str, after: str) -> bool:
    return S(after) in MOVES[S(before)]
