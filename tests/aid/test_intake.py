"""Goods from the offer to the warehouse: what the donor is told, who sees the value, what the books and figures say."""

import uuid
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, InternalError, connection, transaction

from aid.enums import IntakeState
from aid.models import Intake, Lot
from aid.services.intake import confirm_value, take_in
from core.crypto import keyed_hash
from core.errors import DomainError
from core.invariants import run_checks
from core.models import AuditEntry, OutgoingSms
from core.outbox import drain
from dashboards import figures
from dashboards.rollups import fold_all
from donations.enums import InKindState
from donations.models import GiftInKind, GivenGoods
from donations.services.in_kind import Goods, Offer, agree_to_offer, decline_offer, offer_goods
from donations.services.own_wishes import forget_donor
from ledger.balances import balances
from provinces.scoping import Scope, open_scope
from tests.factories.goods import goods, in_days, offer, office, stocked, walk_in, warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def holds() -> None:
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


def refusal(act) -> str:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code


def test_an_offer_becomes_stock_books_and_a_receipt():
    gift = offer()
    agree_to_offer(gift.pk, actor=person(), words="چشم به راهیم", on=in_days(2), part="morning")
    place = warehouse(gift.office)
    take_in(
        gift.pk,
        [goods("rice", 20, 18_000_000), goods("blanket", 4, 12_000_001)],
        warehouse=place,
        actor=person(),
    )
    gift.refresh_from_db()
    assert (gift.state, gift.donation.kind, gift.donation.amount_rial) == ("received", "in_kind", 30_000_001)
    assert gift.donation.tracking_code == gift.tracking_code
    assert gift.donation.receipt.office == gift.office
    assert balances([place.account]) == {place.account: 30_000_001}
    assert {(lot.item_id, lot.quantity, lot.value_rial) for lot in place.lots.all()} == {
        ("rice", Decimal(20), 18_000_000),
        ("blanket", Decimal(4), 12_000_001),
    }
    fold_all()
    by_kind = {row.key: row.total_rial for row in figures.totals(by="kind").rows}
    assert by_kind == {"in_kind": 30_000_001}
    holds()


def test_the_donor_is_told_at_each_step():
    gift = offer()
    agree_to_offer(gift.pk, actor=person(), words="چشم به راهیم", on=in_days(2), part="morning")
    take_in(gift.pk, [goods()], warehouse=warehouse(gift.office), actor=person())
    drain()
    told = [sms.text for sms in OutgoingSms.objects.order_by("pk")]
    assert len(told) == 2
    assert "چشم به راهیم" in told[0]
    assert f"/give/in-kind/{gift.tracking_code}/" in told[0]
    gift.refresh_from_db()
    assert f"/receipts/{gift.donation.receipt.token}/" in told[1]


def test_a_value_above_the_threshold_waits_for_a_second_person(settings):
    settings.IN_KIND_SECOND_APPRAISAL_RIAL = 8_999_999
    gift, clerk = walk_in(), person()
    place = warehouse(gift.office)
    intake = take_in(gift.pk, [goods(value_rial=9_000_000)], warehouse=place, actor=clerk)
    gift.refresh_from_db()
    assert (gift.state, gift.donation, place.lots.count()) == (InKindState.APPRAISING, None, 0)
    assert refusal(lambda: confirm_value(intake.pk, actor=clerk, approve=True)) == "four_eyes"
    assert refusal(lambda: confirm_value(intake.pk, actor=person(), approve=False)) == "reason_required"
    confirm_value(intake.pk, actor=person(), approve=False, reason="گران است")
    take_in(gift.pk, [goods(value_rial=9_000_001)], warehouse=place, actor=clerk)
    second = person()
    confirm_value(intake.pk, actor=second, approve=True)
    gift.refresh_from_db()
    assert (gift.state, gift.donation.amount_rial) == (InKindState.RECEIVED, 9_000_001)
    assert Intake.objects.get().confirmed_by == second
    assert refusal(lambda: confirm_value(intake.pk, actor=person(), approve=True)) == "intake_decided"
    holds()


def test_the_database_itself_wants_two_people():
    intake = stocked(warehouse()).donation.in_kind.intake
    with pytest.raises(IntegrityError, match="intake_four_eyes"), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(
            needs_second=True, confirmed_by=intake.taken_by, confirmed_at=intake.taken_at
        )


def test_what_was_received_stays_as_it_is():
    gift = stocked(warehouse()).donation.in_kind
    for change in (
        lambda: GivenGoods.objects.filter(gift=gift).update(value_rial=1),
        lambda: GivenGoods.objects.filter(gift=gift).delete(),
        lambda: GivenGoods.objects.create(
            gift=gift, item_code="tea", name="چای", quantity=1, unit="kilogram", condition="new", value_rial=1,
            appraised_by="x", appraised_how="market",
        ),
        lambda: GiftInKind.objects.filter(pk=gift.pk).update(state="agreed", donation=None),
    ):  # fmt: skip
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (lambda: [], "goods_required"),
        (lambda: [goods("rice", expires_on=None)], "expiry_required"),
        (lambda: [goods("rice", expires_on=in_days(-1))], "expired_goods"),
    ],
)
def test_goods_that_cannot_be_taken_in(lines, code):
    gift = walk_in()
    place = warehouse(gift.office)
    assert refusal(lambda: take_in(gift.pk, lines(), warehouse=place, actor=person())) == code


def test_goods_are_taken_in_where_they_were_brought():
    gift = walk_in()
    elsewhere = warehouse(office(KHUZESTAN))
    assert refusal(lambda: take_in(gift.pk, [goods()], warehouse=elsewhere, actor=person())) == "other_office"


def test_an_offer_is_taken_in_once():
    gift = stocked(warehouse()).donation.in_kind
    place = gift.intake.warehouse
    assert refusal(lambda: take_in(gift.pk, [goods()], warehouse=place, actor=person())) == "offer_answered"
    assert Intake.objects.filter(state=IntakeState.BOOKED).count() == 1


def test_an_offer_is_declined_with_words():
    gift = offer()
    assert refusal(lambda: decline_offer(gift.pk, actor=person(), words=" ")) == "words_required"
    decline_offer(gift.pk, actor=person(), words="اکنون جا نداریم؛ سپاس از شما")
    assert refusal(lambda: agree_to_offer(gift.pk, actor=person())) == "offer_answered"
    drain()
    assert "جا نداریم" in OutgoingSms.objects.get().text
    assert AuditEntry.objects.filter(action="in_kind.decline").exists()


def test_the_same_form_is_one_offer_and_floods_are_stopped(monkeypatch):
    cache.clear()
    monkeypatch.setattr("donations.services.in_kind.MOST_A_MOBILE", 2)
    key, where = uuid.uuid4(), office()
    fund = offer().fund
    wish = Offer(where, fund, (Goods("پتو", Decimal(1)),), mobile="+989350001122")

    def send(key):
        return offer_goods(wish, key=key, address="198.51.100.7")

    assert send(key).pk == send(key).pk
    send(uuid.uuid4())
    assert refusal(lambda: send(uuid.uuid4())) == "too_many_offers"


def test_the_mobile_and_the_address_are_not_readable_in_the_database():
    gift = offer(way="pickup", pickup_address="خیابان نمونه، پلاک ۷")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.pickup_address, d.mobile FROM donations_giftinkind g JOIN donations_donor d ON d.id = donor_id"
        )
        address, mobile = cursor.fetchone()
    assert "نمونه" not in address
    assert "912111" not in mobile
    assert GiftInKind.objects.get().pickup_address == gift.pickup_address == "خیابان نمونه، پلاک ۷"


def test_another_provinces_offer_is_not_found():
    gift = offer(office(KHUZESTAN))
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert refusal(lambda: agree_to_offer(gift.pk, actor=person())) == "not_found"
        assert not Lot.objects.exists()


def test_a_donor_of_goods_may_be_forgotten():
    mobile, gift = "+989130004455", offer(mobile="+989130004455", way="pickup", pickup_address="خیابان نمونه")
    waiting = offer(mobile=mobile)
    take = [goods()]
    agree_to_offer(gift.pk, actor=person())
    take_in(gift.pk, take, warehouse=warehouse(gift.office), actor=person())
    mobile_hash = keyed_hash(mobile, "mobile")
    assert refusal(lambda: forget_donor(mobile_hash)) == "gift_undecided"
    decline_offer(waiting.pk, actor=person(), words="سپاس")
    assert forget_donor(mobile_hash) == 1
    for row in (gift, waiting):
        row.refresh_from_db()
        assert (row.donor, row.pickup_address) == (None, "")
    assert (gift.donor_name, waiting.donor_name) == ("نیکوکار", "")
    holds()
