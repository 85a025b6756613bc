"""The accountant's list of unusual money: all kinds in one place, ways, reasons, two people, other provinces unseen."""

import pytest

from cases.models import Case
from core import outbox
from core.models import AuditEntry
from donations.models import Donation
from payments.enums import HeldKind
from payments.gateways.base import Answer, CallbackHint, Outcome
from payments.models import Callback, HeldDecision, HeldMoney
from payments.services.callbacks import drain, take_in
from payments.services.settlement import settle
from provinces.enums import Role
from tests.factories.gifts import attempt_for, finding, give, paid
from tests.factories.people import ILAM, TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db
LIST = "/desk/payments/unusual/"


def of_another_amount(province: str = TEHRAN) -> HeldMoney:
    attempt = attempt_for(give(200_000, province=province))
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=150_000))})
    return HeldMoney.objects.get(attempt=attempt)


def paid_twice(province: str = TEHRAN) -> HeldMoney:
    gift = give(300_000, province=province)
    first, second = attempt_for(gift), attempt_for(gift, gateway="sadad")
    settle({a.pk: finding(a, paid(a)) for a in (first, second)})
    return HeldMoney.objects.get(attempt=second)


def late(province: str = TEHRAN) -> HeldMoney:
    attempt = attempt_for(give(100_000, province=province))
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), CallbackHint(claims_paid=False))})
    settle({attempt.pk: finding(attempt, paid(attempt))})
    return HeldMoney.objects.get(attempt=attempt)


@pytest.fixture
def accountant(country):
    return person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN)


@pytest.fixture
def manager(country):
    return person(Role.PROVINCIAL_MANAGER, TEHRAN)


def shown(browser, **query) -> set[int]:
    """Which rows the list shows."""
    page = browser.get(LIST, query)
    assert page.status_code == 200
    return {row.pk for row in page.context["page_obj"]}


def test_one_list_holds_every_kind_and_filters_by_kind_state_and_owner(accountant):
    other, twice, came_late = of_another_amount(), paid_twice(), late()
    elsewhere = paid_twice(ILAM)
    browser = browser_of(accountant)
    assert shown(browser) == {other.pk, twice.pk}
    assert shown(browser, state="all") == {other.pk, twice.pk, came_late.pk}
    assert shown(browser, state="all", kind="late") == {came_late.pk}
    assert shown(browser, kind="paid_twice") == {twice.pk}
    assert shown(browser, owner="mine") == set()
    browser.post(f"{LIST}{twice.pk}/", {"act": "take"})
    assert (shown(browser, owner="mine"), shown(browser, owner="nobody")) == ({twice.pk}, {other.pk})
    assert shown(browser_of(person(Role.HQ_ACCOUNTANT))) == {other.pk, twice.pk, elsewhere.pk}


def test_the_list_filters_by_age(accountant):
    old, new = paid_twice(), paid_twice()
    HeldMoney.objects.filter(pk=old.pk).update(opened_at="2025-01-01T00:00:00Z")
    browser = browser_of(accountant)
    assert (shown(browser, older_than="7"), shown(browser)) == ({old.pk}, {old.pk, new.pk})


def test_from_proposal_to_gift_by_two_people(accountant, manager):
    held = paid_twice()
    address = f"{LIST}{held.pk}/"
    asking, deciding = browser_of(accountant), browser_of(manager)
    assert "کمکی دیگر از همان نیکوکار" in asking.get(address).content.decode()
    silent = asking.post(address, {"way": "further_gift", "reason": ""})
    assert (silent.status_code, HeldDecision.objects.count()) == (200, 0)
    assert deciding.post(address, {"way": "further_gift", "reason": "x"}).status_code == 403
    assert asking.post(address, {"way": "further_gift", "reason": "نیکوکار خواست"}).status_code == 302
    assert asking.post(address, {"decision": "approve"}).status_code == 403
    assert "خود شما" in asking.get(address).content.decode()
    assert deciding.post(address, {"decision": "refuse"}).status_code == 200
    assert Donation.objects.count() == 1
    assert deciding.post(address, {"decision": "approve"}).status_code == 302
    assert Donation.objects.count() == 2
    assert "نیکوکار خواست" in asking.get(address).content.decode()
    trail = AuditEntry.objects.filter(action__startswith="held.").order_by("pk")
    assert list(trail.values_list("action", "actor", "province_code")) == [
        ("held.propose", accountant.pk, TEHRAN),
        ("held.approve", manager.pk, TEHRAN),
    ]


@pytest.mark.parametrize("way", ["further_gift", "assign", "nonsense"])
def test_a_way_that_is_not_open_cannot_be_sent(accountant, way):
    held = of_another_amount()
    answer = browser_of(accountant).post(f"{LIST}{held.pk}/", {"way": way, "reason": "دلیل"})
    assert (answer.status_code, HeldDecision.objects.count()) == (200, 0)


def test_another_provinces_money_is_not_there(accountant):
    address = f"{LIST}{paid_twice(ILAM).pk}/"
    browser = browser_of(accountant)
    assert browser.get(address).status_code == 404
    for what in ({"act": "take"}, {"way": "further_gift", "reason": "x"}, {"decision": "approve"}):
        assert browser.post(address, what).status_code == 404
    assert not HeldDecision.objects.exists()


def test_a_case_leads_to_its_money_and_the_payment_too(accountant):
    held = paid_twice()
    outbox.drain()
    browser = browser_of(accountant)
    for address in (f"/desk/cases/{Case.objects.get().pk}/", f"/desk/payments/{held.attempt_id}/"):
        assert f'href="{LIST}{held.pk}/"' in browser.get(address).content.decode()
    assert f'href="{LIST}"' in browser.get("/desk/payments/").content.decode()


def test_from_a_stray_return_to_a_gift_of_the_fund(country):
    take_in("zarinpal", {"Authority": "A" + "9" * 35, "Status": "OK"})
    drain()
    outbox.drain()
    stray, case = Callback.objects.get(), Case.objects.get(kind="callback_unknown")
    asking, deciding = (browser_of(person(Role.HQ_ACCOUNTANT)) for _ in range(2))
    begin = f"{LIST}new/?callback={stray.pk}"
    assert begin in asking.get(f"/desk/cases/{case.pk}/").content.decode()
    page = asking.get(begin)
    assert "A" + "9" * 35 in page.content.decode()
    terminal = page.context["form"].fields["terminal"].queryset.get(gateway="zarinpal")
    typed = {
        "terminal": terminal.pk, "reference": "55667788", "amount": "۲٬۵۰۰٬۰۰۰", "paid_on": "۱۴۰۵/۰۱/۱۵",
        "note": "در پنل درگاه هست",
    }  # fmt: skip
    assert asking.post(begin, typed | {"note": ""}).status_code == 200
    assert asking.post(begin, typed | {"amount": "2.5"}).status_code == 200
    assert not HeldMoney.objects.exists()
    assert asking.post(begin, typed).status_code == 302
    held = HeldMoney.objects.get()
    assert (held.kind, held.amount_rial, held.found_in) == (HeldKind.UNKNOWN_REFERENCE, 2_500_000, stray)
    address = f"{LIST}{held.pk}/"
    aim = {"way": "assign", "reason": "واریز بی‌نام", "fund": "dowry", "province": TEHRAN}
    assert (
        asking.post(address, {"way": "assign", "reason": "x", "tracking_code": "نادرست"}).status_code == 200
    )
    assert asking.post(address, aim).status_code == 302
    assert deciding.post(address, {"decision": "approve"}).status_code == 302
    gift = Donation.objects.get()
    assert (gift.status, gift.fund_id, gift.province_id) == ("received", "dowry", TEHRAN)


def test_a_province_sees_no_stray_returns(accountant):
    take_in("zarinpal", {"Authority": "A" + "9" * 35, "Status": "OK"})
    page = browser_of(accountant).get(f"{LIST}new/?callback={Callback.objects.get().pk}")
    assert page.context["claims"] == []


def test_a_list_costs_the_same_however_long_it_is(accountant, django_assert_num_queries):
    browser = browser_of(accountant)
    for count in (1, 5):
        for _ in range(count):
            paid_twice()
        with django_assert_num_queries(7):
            browser.get(LIST)


def test_many_are_taken_at_once_and_those_of_another_province_never(accountant):
    mine, twice, other = of_another_amount(), paid_twice(), of_another_amount(ILAM)
    browser = browser_of(accountant)
    answer = browser.post(LIST, {"row": [mine.pk, twice.pk, other.pk]}, follow=True)
    assert "پیگیری ۲ ردیف با شماست." in answer.content.decode()
    owners = dict(HeldMoney.objects.values_list("pk", "owner"))
    assert owners == {mine.pk: accountant.pk, twice.pk: accountant.pk, other.pk: None}
    assert AuditEntry.objects.filter(action="held.take").count() == 2
    browser.post(LIST, {"row": [mine.pk]})
    assert AuditEntry.objects.filter(action="held.take").count() == 2


def test_choosing_none_takes_none_and_who_only_decides_cannot_take(accountant, manager):
    row = of_another_amount()
    answer = browser_of(accountant).post(LIST, {}, follow=True)
    assert "ردیفی انتخاب نشده است." in answer.content.decode()
    assert browser_of(manager).post(LIST, {"row": [row.pk]}).status_code == 403
    assert 'type="checkbox"' not in browser_of(manager).get(LIST).content.decode()
    assert HeldMoney.objects.get(pk=row.pk).owner is None
