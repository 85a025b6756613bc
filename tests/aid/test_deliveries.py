"""What reached people: recorded with evidence, once a case, undone by another person, naming nobody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from aid.enums import Outcome
from aid.models import Allocation, Delivery, DeliveryReference, DeliveryShare
from aid.references import parse_reference
from aid.services import photos
from aid.services.deliveries import record_outcome, review_photo, undo_delivery
from core.errors import DomainError
from core.invariants import run_checks
from core.jalali import tehran_today
from dashboards import figures
from dashboards.rollups import fold_all
from ledger.balances import balances
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import receive
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


def ready(amount: int = 500_000, **wish) -> Allocation:
    return allocated(receive(amount, fund="livelihood", province="23", **wish))


def findings() -> list[str]:
    return [finding for result in run_checks() for finding in result.findings]


def test_it_moves_from_allocated_to_delivered_and_counts_as_spent():
    found = ready()
    delivered(found, 200_000)
    fold_all()
    held = balances(["allocated:cash", "delivered:cash"])
    assert held == {"allocated:cash": 300_000, "delivered:cash": 200_000}
    assert figures.total(flow="out", fund="livelihood", province="23").total_rial == 200_000
    assert figures.total(fund="livelihood", province="23").total_rial == 500_000
    assert findings() == []


def test_an_allocation_is_delivered_when_nothing_is_left():
    found = ready()
    delivered(found, 200_000)
    found.refresh_from_db()
    assert found.state == "approved"
    with pytest.raises(DomainError) as refusal:
        delivered(found, 300_001)
    assert (refusal.value.code, refusal.value.data["left_rial"]) == ("more_than_allocated", 300_000)
    delivered(found)
    found.refresh_from_db()
    assert found.state == "delivered"
    with pytest.raises(DomainError, match="nothing_to_deliver"):
        delivered(found, 1)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"delivered_on": tehran_today() + timedelta(days=1)}, "bad_day"),
        ({"delivered_on": tehran_today() - timedelta(days=1)}, "bad_day"),
        ({"second": "social_worker"}, "same_signatory"),
        ({"references": ["BZ-1405-1"]}, "references_do_not_match"),
        ({"references": ["BZ-1405-1", "bz-1405-1"]}, "references_do_not_match"),
        ({"references": [], "form": "cash"}, "references_do_not_match"),
        ({"photo": SimpleUploadedFile("a.png", PNG)}, "photo_shows_faces"),
        ({"photo": SimpleUploadedFile("a.svg", b"<svg>"), "photo_is_faceless": True}, "photo_unknown"),
    ],
)
def test_evidence_that_does_not_hold_is_refused(facts, code):
    with pytest.raises(DomainError, match=code):
        delivered(ready(), **facts)
    assert not Delivery.objects.exists()


def test_of_few_receivers_the_words_do_not_tell_the_county(settings):
    found = allocated(receive(500_000, fund="livelihood", province="23", county="2301"))
    name = found.county.name
    with pytest.raises(DomainError, match="points_to_a_person"):
        delivered(found, 100_000, what=f"بستهٔ خوراک {name}")
    delivered(found, 100_000, what=f"بستهٔ خوراک {name}", households=settings.NEED_COUNTY_PERSONS)


@pytest.mark.parametrize("typed", ["BZ-1405-123", "bz 1405/77", "A۱۲۳۴"])
def test_codes_of_the_office_are_taken(typed):
    assert parse_reference(typed).isascii()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("زهرا احمدی", "bad_reference"),
        ("ABCD", "bad_reference"),
        ("12", "bad_reference"),
        ("0499370899", "personal_reference"),
        ("۰۴۹۹۳۷۰۸۹۹", "personal_reference"),
        ("NC-0499370899", "personal_reference"),
        ("049-937-0899", "personal_reference"),
        ("09121234567", "personal_reference"),
        ("+989121234567", "bad_reference"),
        ("6037991234567893", "personal_reference"),
    ],
)
def test_what_names_a_person_is_no_case_code(typed, code):
    with pytest.raises(DomainError) as refusal:
        parse_reference(typed)
    assert refusal.value.code == code
    assert typed not in repr(refusal.value)


def test_a_case_code_is_encrypted_and_found_by_its_hash_only():
    made = delivered(ready(), households=1, references=["BZ-1405-777"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, reference_hash FROM aid_deliveryreference")
        stored = str(cursor.fetchall())
    assert "777" not in stored
    assert made.references.get().reference == "BZ-1405-777"


def test_a_case_receives_once_of_an_allocation():
    found = ready()
    delivered(found, 100_000, households=1, references=["BZ-1"])
    with pytest.raises(DomainError, match="delivered_before"):
        delivered(found, 100_000, households=1, references=["bz-1"], again_because="بچهٔ تازه")
    known = DeliveryReference.objects.get()
    with pytest.raises(IntegrityError, match="one_delivery_a_case"), transaction.atomic():
        DeliveryReference.objects.create(
            delivery=known.delivery, allocation=found, reference="x", reference_hash=known.reference_hash
        )


def test_a_case_that_had_the_same_lately_needs_a_reason():
    delivered(ready(), households=1, references=["BZ-1"])
    again = {"households": 1, "references": ["BZ-1"]}
    with pytest.raises(DomainError, match="delivered_lately"):
        delivered(ready(), **again)
    assert delivered(ready(), **again, again_because="بیماری سرپرست").references.count() == 1


def test_food_for_a_gathering_needs_no_case_codes():
    assert delivered(ready(), references=[], households=120).references.count() == 0


def test_a_wrong_delivery_is_undone_by_somebody_else_and_the_money_is_allocated_again():
    found, clerk = ready(), person()
    made = delivered(found, 200_000, households=1, references=["BZ-1"], actor=clerk)
    with pytest.raises(DomainError, match="four_eyes"):
        undo_delivery(made.pk, actor=clerk, reason="اشتباه")
    undo_delivery(made.pk, actor=person(), reason="صورت‌جلسهٔ دیگری بود")
    assert balances(["allocated:cash", "delivered:cash"]) == {"allocated:cash": 500_000, "delivered:cash": 0}
    delivered(found, 200_000, households=1, references=["BZ-1"])
    with pytest.raises(DomainError, match="already_undone"):
        undo_delivery(made.pk, actor=person(), reason="دوباره")
    assert findings() == []


def test_what_was_recorded_never_changes():
    delivered(ready(), households=1, references=["BZ-1"])
    for change in (
        "UPDATE aid_delivery SET quantity = 5",
        "UPDATE aid_delivery SET delivered_on = delivered_on - 1",
        "DELETE FROM aid_delivery",
        "UPDATE aid_deliveryshare SET amount_rial = 1",
        "UPDATE aid_deliveryreference SET reference_hash = 'x'",
        "DELETE FROM aid_deliveryreference",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_gift_never_delivers_more_than_it_gave():
    made = delivered(ready(), 100_000)
    row = made.shares.get()
    with pytest.raises(IntegrityError, match="cannot have delivered"), transaction.atomic():
        DeliveryShare.objects.create(
            delivery=made, allocation=made.allocation, donation=row.donation, amount_rial=400_001
        )


def test_a_photo_is_sealed_and_looked_at_by_a_second_person(settings, tmp_path):
    settings.MEDIA_ROOT, clerk = tmp_path, person()
    photo = SimpleUploadedFile("a.png", PNG)
    made = delivered(ready(), photo=photo, photo_is_faceless=True, actor=clerk)
    assert b"picture" not in (tmp_path / made.photo_path).read_bytes()
    assert photos.read(made.photo_path) == PNG
    with pytest.raises(DomainError, match="four_eyes"):
        review_photo(made.pk, actor=clerk)
    assert review_photo(made.pk, actor=person()).photo_reviewed_at
    with pytest.raises(IntegrityError, match="photo_only_without_faces"), transaction.atomic():
        Delivery.objects.create(
            allocation=ready(), amount_rial=1, form="food", what="x", quantity=1, unit="x", households=1,
            delivered_on=tehran_today(), first_signatory="officer", second_signatory="recipient",
            province_id="23", photo_path="x", photo_digest="x",
        )  # fmt: skip


def test_what_it_led_to_is_kept_by_case():
    made = delivered(ready(), references=["BZ-1", "BZ-2"])
    record_outcome(made.pk, actor=person(), outcome=Outcome.RELIEF)
    record_outcome(made.pk, actor=person(), outcome=Outcome.INDEPENDENT, references=["BZ-2"])
    assert [row.outcome for row in made.references.order_by("pk")] == ["relief", "independent"]
    with pytest.raises(DomainError, match="unknown_reference"):
        record_outcome(made.pk, actor=person(), outcome=Outcome.RELIEF, references=["BZ-9"])
