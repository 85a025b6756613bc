"""The comparison of the two books must find each way of losing or inventing money."""

from dataclasses import replace

import pytest

from bench.support.books import MUST_BE_ZERO, Attempt, compare

PAID = {"created_at": 1.0, "paid_at": 2.0}


def row(state: str = "VERIFIED", gateway: str = "zibal", **more) -> dict:
    """A payment in the bank's book."""
    times = PAID if state not in ("CREATED", "CANCELLED", "FAILED") else {"created_at": 1.0}
    return {
        "gateway": gateway, "order_id": "7", "amount_rial": 500_000, "state": state, "times": times,
        "reference": "11",
    } | more  # fmt: skip


def booked(**more) -> Attempt:
    """The same payment as a received gift here."""
    attempt = Attempt("7", "zibal", "succeeded", 500_000, "CODE", "received", (("gift", 500_000),))
    return replace(attempt, **more)


OPEN = {"state": "unknown", "donation_status": "pending", "entries": ()}
FAILED = {"state": "failed", "donation_status": "failed", "entries": ()}


def zeros(figures: dict) -> dict:
    """What must be zero and is not."""
    return {name: figures[name] for name in (*MUST_BE_ZERO, "status_differs") if figures[name]}


@pytest.mark.parametrize(
    ("bank", "ours"),
    [
        (row(), booked()),
        (row("SETTLED", "mellat"), booked(gateway="mellat")),
        (row("CANCELLED"), booked(**FAILED)),
        (row("CREATED"), booked(**OPEN)),
        (row("AUTO_REVERSED", "mellat"), booked(gateway="mellat", told=("99",), **FAILED)),
    ],
)
def test_books_that_agree(bank, ours):
    found = compare([bank], [ours])
    assert (zeros(found.figures), found.problems) == ({}, [])


@pytest.mark.parametrize(
    ("bank", "ours", "named"),
    [
        ([row()], [booked(**OPEN)], {"paid_and_missing"}),
        ([row()], [], {"paid_and_missing"}),
        ([row("PAID")], [booked(**OPEN)], {"paid_and_missing", "not_finished_at_bank"}),
        ([row("VERIFIED", "mellat")], [booked(gateway="mellat")], {"not_finished_at_bank"}),
        ([row("CANCELLED")], [booked()], {"received_and_not_paid"}),
        ([row("AUTO_REVERSED")], [booked()], {"received_and_not_paid"}),
        ([], [booked()], {"received_and_not_paid"}),
        ([row()], [booked(entries=(("gift", 500_000),) * 2)], {"booked_twice"}),
        (
            [row(), row(order_id="8")],
            [booked(), booked(order_id="8")],
            {"booked_twice"},
        ),
        ([row()], [booked(entries=(("gift", 50_000),))], {"amount_differs"}),
        ([row("AUTO_REVERSED")], [booked(**FAILED)], {"reversed_though_it_could_be_known"}),
        (
            [row("AUTO_REVERSED", "mellat")],
            [booked(gateway="mellat", told=("11",), **FAILED)],
            {"reversed_though_it_could_be_known"},
        ),
        ([row()], [booked(donation_status="pending")], {"status_differs"}),
    ],
)
def test_every_disagreement_is_named(bank, ours, named):
    found = compare(bank, ours)
    assert set(zeros(found.figures)) == named
    assert found.problems


def test_a_gift_paid_twice_is_once_a_gift_and_once_in_suspense():
    second = booked(order_id="8", gateway="sadad", entries=(("unexpected", 500_000),))
    found = compare([row(), row(order_id="8", gateway="sadad")], [booked(), second])
    assert zeros(found.figures) == {}
    assert {name: found.figures[name] for name in ("paid_at_bank", "received_here", "in_suspense")} == {
        "paid_at_bank": 2,
        "received_here": 1,
        "in_suspense": 1,
    }
    assert found.figures["gifts_paid"] == 1
