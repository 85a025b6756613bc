"""Misbehaviour on order: counted, aimed, and the same again by the same seed."""

import pytest

from payments.sandbox_bank.faults import Faults


def struck(faults: Faults, *calls: tuple[str, str, str]) -> list[bool]:
    return [faults.strike(*call) is not None for call in calls]


def test_a_counted_fault_wears_off():
    faults = Faults()
    fault = faults.add({"gateway": "sep", "call": "verify", "fault": "http_502", "times": 2})
    assert struck(faults, *[("sep", "verify", "1")] * 4) == [True, True, False, False]
    assert (fault.hits, fault.times) == (2, 0)


def test_a_fault_is_aimed():
    faults = Faults()
    faults.add({"gateway": "sep", "call": "verify", "fault": "malformed", "order_id": "7"})
    calls = [("sep", "verify", "7"), ("sep", "look", "7"), ("sadad", "verify", "7"), ("sep", "verify", "8")]
    assert struck(faults, *calls) == [True, False, False, False]


def test_without_a_name_it_meets_every_call_but_never_the_callback():
    faults = Faults()
    faults.add({"fault": "http_502"})
    calls = [("sep", "verify", ""), ("zibal", "request", ""), ("sep", "callback", "")]
    assert struck(faults, *calls) == [True, True, False]


def test_chance_repeats_by_its_seed():
    def run(seed: int) -> list[bool]:
        faults = Faults()
        faults.add({"fault": "http_502", "probability": 0.3, "seed": seed})
        return struck(faults, *[("sep", "verify", "")] * 200)

    assert run(7) == run(7) != run(8)
    assert 30 < sum(run(7)) < 90


def test_the_first_rule_that_strikes_counts():
    faults = Faults()
    faults.add({"fault": "slow:0.1", "times": 1})
    faults.add({"fault": "refuse:12"})
    kinds = [faults.strike("sep", "verify", "").kind for _ in range(2)]
    assert kinds == ["slow", "refuse"]
    faults.clear()
    assert faults.strike("sep", "verify", "") is None


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"fault": "explode"},
        {"fault": "slow"},
        {"fault": "slow:soon"},
        {"fault": "refuse"},
        {"fault": "dropped", "call": "verify"},
        {"fault": "http_502", "call": "callback"},
        {"fault": "http_502", "times": "often"},
    ],
)
def test_an_unknown_fault_is_refused(row):
    with pytest.raises(ValueError):
        Faults().add(row)
