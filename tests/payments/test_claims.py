"""A donor looks for a deposit: told nothing about others, found by two people, receipted."""

import pytest
from django.core.cache import cache
from django.test import Client

from cases.models import Case
from cases.tasks import open_case  # noqa: F401 - registers the consumer
from core import outbox
from core.errors import DomainError
from core.jalali import iso_jalali
from core.models import OutgoingSms
from donations.models import Donation, Receipt
from donations.tasks import send_receipt  # noqa: F401 - registers the consumer
from payments.models import DonorClaim, ManualDecision, StatementLine
from payments.services import claims, line_decisions
from provinces.enums import Role
from tests.factories import lines as st
from tests.factories.people import ILAM, TEHRAN, browser_of, office_for, person
from tests.payments.services.test_bank_lines import failed_checks
from tests.payments.services.test_matching import balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(country):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def deposit():
    """An unknown deposit of yesterday at Tehran's bank."""
    bank = st.bank(office=office_for(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))
    st.bring(bank, st.line(500_000, "credit", at=st.days_ago(1), card_masked="603799******4321"))
    return StatementLine.objects.get()


def words(**changes) -> dict[str, str]:
    return {
        "amount": "۵۰٬۰۰۰", "day": iso_jalali(st.day_of(st.days_ago(1))), "last_digits": "۴۳۲۱",
        "mobile": "09121234567", "fund": "dowry", "province": TEHRAN, "name": "نیکوکار",
    } | changes  # fmt: skip


def tell(**changes):
    return Client().post("/channels/claim/", words(**changes))


def test_a_donor_gets_a_code_and_a_page_that_tells_of_nothing_but_the_claim(deposit):
    answer = tell()
    assert answer.status_code == 303
    claim = DonorClaim.objects.get()
    assert (claim.amount_rial, claim.last_digits, claim.mobile) == (500_000, "4321", "+989121234567")
    page = Client().get(answer.headers["Location"])
    assert "در دست بررسی" in page.content.decode()
    other = tell(amount="۷٬۰۰۰")  # there is no such deposit: the same words
    again = Client().get(other.headers["Location"]).content.decode()
    assert again.split("<main")[1].count("<p") == page.content.decode().split("<main")[1].count("<p")
    assert "در دست بررسی" in again
    outbox.drain()
    assert Case.objects.filter(kind="donor_claim").count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "50.5"),
        ("day", "1420/13/01"),
        ("day", "1499-01-01"),
        ("last_digits", "12a4"),
        ("mobile", "12"),
        ("fund", "x"),
    ],
)
def test_what_cannot_be_is_said_of_the_donors_own_words(name, value):
    answer = tell(**{name: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert DonorClaim.objects.count() == 0


def test_the_same_words_again_are_the_same_claim():
    assert tell().headers["Location"] == tell().headers["Location"]


def test_what_was_not_found_may_be_told_again():
    first = tell().headers["Location"]
    claims.refuse_claim(DonorClaim.objects.get().pk, actor=person(), reason="هنوز نیامده است")
    second = tell().headers["Location"]
    assert second != first
    assert tell().headers["Location"] == second
    assert sorted(DonorClaim.objects.values_list("state", flat=True)) == ["open", "refused"]


def test_one_address_tells_of_a_few_only(monkeypatch):
    monkeypatch.setattr(claims, "MOST_AN_ADDRESS", 2)
    codes = [tell(amount=f"{n}0٬000", mobile=f"0912123456{n}").status_code for n in (1, 2, 3)]
    assert codes == [303, 303, 429]


def test_one_proposes_another_confirms_and_the_donor_has_a_receipt(deposit):
    tell()
    claim = DonorClaim.objects.get()
    first = browser_of(person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))
    page = first.get(f"/desk/claims/{claim.pk}/").content.decode()
    assert "چهار رقم می‌خواند" in page
    said = {"act": "propose", "line": deposit.pk, "reason": "کارت و مبلغ می‌خواند"}
    assert first.post(f"/desk/claims/{claim.pk}/", said).status_code == 302
    decision = ManualDecision.objects.get()
    assert (
        first.post(f"/desk/reconciliation/decisions/{decision.pk}/", {"decision": "approve"}).status_code
        == 403
    )
    second = browser_of(person(Role.PROVINCIAL_MANAGER, TEHRAN))
    assert (
        second.post(f"/desk/reconciliation/decisions/{decision.pk}/", {"decision": "approve"}).status_code
        == 302
    )
    claim.refresh_from_db()
    gift = Donation.objects.get()
    assert (claim.state, claim.donation_id, gift.fund_id, gift.province_id) == (
        "done",
        gift.pk,
        "dowry",
        TEHRAN,
    )
    assert (balance("suspense:deposits"), balance("income:"), Receipt.objects.count()) == (0, -500_000, 1)
    outbox.drain()
    assert OutgoingSms.objects.filter(purpose="receipt").count() == 1
    assert failed_checks() == []
    assert "پیدا شد" in Client().get(f"/channels/claim/{claim.code}/").content.decode()


def test_two_claims_for_one_deposit_give_one_gift(deposit):
    tell()
    tell(mobile="09121234568")
    one, other = DonorClaim.objects.order_by("pk")
    maker, checker = person(), person()
    decision = claims.propose_match(one.pk, deposit.pk, actor=maker, reason="می‌خواند")
    with pytest.raises(DomainError, match="not_a_candidate"):
        claims.propose_match(other.pk, deposit.pk, actor=maker, reason="می‌خواند")
    line_decisions.decide(decision.pk, actor=checker, approve=False, reason="کارت دیگری است")
    decision = claims.propose_match(other.pk, deposit.pk, actor=maker, reason="می‌خواند")
    line_decisions.decide(decision.pk, actor=checker, approve=True)
    assert list(DonorClaim.objects.order_by("pk").values_list("state", flat=True)) == ["open", "done"]
    assert Donation.objects.count() == 1


def test_what_is_not_found_is_told_by_sms():
    tell()
    claim = DonorClaim.objects.get()
    claims.refuse_claim(claim.pk, actor=person(), reason="در سه صورت‌حساب نبود")
    assert OutgoingSms.objects.get().purpose == "claim"
    assert "پیدا نشد" in Client().get(f"/channels/claim/{claim.code}/").content.decode()
    with pytest.raises(DomainError, match="claim_answered"):
        claims.refuse_claim(claim.pk, actor=person(), reason="دوباره")


def test_another_provinces_claims_are_not_seen(deposit):
    tell()
    claim = DonorClaim.objects.get()
    other = browser_of(person(Role.PROVINCIAL_ACCOUNTANT, ILAM))
    assert other.get(f"/desk/claims/{claim.pk}/").status_code == 404
    assert claim.code[:4] not in other.get("/desk/claims/").content.decode()
