"""Whoever changes one row of what was given, allocated, delivered or stored is found, and the row is named."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from aid.models import AllocationShare, DeliveryShare, StockMove
from dashboards.rollups import fold_all
from donations.models import GivenGoods
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import receive
from tests.factories.goods import given, handed, ready_batch, set_aside, stocked, warehouse
from tests.ledger.test_check_books import tamper


@pytest.fixture
def rows(live_db, country) -> dict[str, int]:
    """One row of each kind, sealed."""
    gift = receive(1_000_000, fund="livelihood", province="23")
    made = delivered(allocated(gift, 600_000))
    place = warehouse()
    lot = stocked(place, quantity=100, fund="livelihood")
    kits = handed(ready_batch(place, 2))
    goods = given(place, quantity=3)
    fold_all()
    return {
        "receipt": gift.receipt.pk,
        "gift": gift.pk,
        "allocation": made.allocation_id,
        "share": AllocationShare.objects.get().pk,
        "delivery": made.pk,
        "used": DeliveryShare.objects.get().pk,
        "case": made.references.first().pk,
        "in_kind": lot.donation.in_kind.pk,
        "line": GivenGoods.objects.get().pk,
        "move": StockMove.objects.filter(kind="issued").get().pk,
        "kits": kits.pk,
        "goods": goods.pk,
    }


TAMPERINGS = [
    ("UPDATE donations_receipt SET bank_reference = 'x' WHERE id = {receipt}", "receipt {receipt} was changed"),
    ("UPDATE aid_allocation SET amount_rial = amount_rial + 10 WHERE id = {allocation}",
     "allocation {allocation} was changed"),
    ("UPDATE aid_allocation SET programme = 'x' WHERE id = {allocation}", "allocation {allocation} was changed"),
    ("UPDATE aid_allocation SET decision_reason = 'x' WHERE id = {allocation}",
     "decision {allocation} was changed"),
    ("UPDATE aid_allocationshare SET amount_rial = amount_rial - 10 WHERE id = {share}", "share {share} was changed"),
    ("DELETE FROM aid_allocationshare WHERE id = {share}", "share {share} is missing"),
    ("INSERT INTO aid_allocationshare (allocation_id, donation_id, amount_rial) VALUES ({allocation}, {gift}, 10)",
     "is in no seal"),
    ("UPDATE aid_delivery SET households = 900 WHERE id = {delivery}", "delivery {delivery} was changed"),
    ("DELETE FROM aid_delivery WHERE id = {delivery}", "delivery {delivery} is missing"),
    ("UPDATE aid_deliveryshare SET amount_rial = amount_rial + 10 WHERE id = {used}",
     "delivered share {used} was changed"),
    ("UPDATE aid_deliveryreference SET reference_hash = 'x' WHERE id = {case}", "receiving case {case} was changed"),
    ("UPDATE donations_givengoods SET value_rial = 10 WHERE id = {line}", "given goods {line} was changed"),
    ("UPDATE donations_giftinkind SET fund_id = 'general' WHERE id = {in_kind}", "gift in kind {in_kind} was changed"),
    ("UPDATE aid_stockmove SET quantity = quantity + 1 WHERE id = {move}", "stock move {move} was changed"),
    ("DELETE FROM aid_stockmove WHERE id = {move}", "stock move {move} is missing"),
    ("UPDATE aid_goodsdelivery SET quantity = quantity + 1 WHERE id = {kits}", "goods delivery {kits} was changed"),
    ("UPDATE aid_goodsdelivery SET delivered_on = '2026-01-01' WHERE id = {goods}",
     "goods delivery {goods} was changed"),
]  # fmt: skip


def test_one_tampered_row_is_named_by_check_books(rows, capsys):
    call_command("check_books")
    unnamed = []
    for change, named in TAMPERINGS:
        capsys.readouterr()
        with transaction.atomic():
            tamper(change.format(**rows))
            with pytest.raises(SystemExit) as stop:
                call_command("check_books")
            transaction.set_rollback(True)
        said = capsys.readouterr().out
        if stop.value.code != 1 or named.format(**rows) not in said:
            unnamed.append((change, said))
    assert unnamed == []
    call_command("check_books")


def test_money_set_aside_for_kits_cannot_be_moved_to_other_kits(live_db, country, capsys):
    from tests.aid.test_goods_deliveries import planned

    _, funding = planned()
    _, other = planned()
    found = set_aside(funding)
    fold_all()
    tamper(f"UPDATE aid_allocation SET funding_id = {other.pk} WHERE id = {found.pk}")
    with pytest.raises(SystemExit), connection.cursor():
        call_command("check_books")
    assert f"kit allocation {found.pk} was changed" in capsys.readouterr().out
