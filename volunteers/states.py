"""The moves of a place at a shift; nothing else is a move."""

from volunteers.enums import AssignmentState as S

MOVES: dict[S, frozenset[S]] = {
    S.INVITED: frozenset({S.SIGNED_UP, S.DECLINED, S.CANCELLED}),
    S.DECLINED: frozenset({S.SIGNED_UP}),
    S.SIGNED_UP: frozenset({S.CANCELLED, S.PRESENT, S.ABSENT}),
    S.CANCELLED: frozenset({S.SIGNED_UP}),
    S.PRESENT: frozenset({S.ABSENT}),
    S.ABSENT: frozenset({S.PRESENT}),
}
TAKES_A_PLACE = frozenset({S.SIGNED_UP, S.PRESENT, S.ABSENT})


def may_move(before: str, after: str) -> bool:
    return S(after) in MOVES[S(before)]
