"""The register of figures told in public: conflicts side by side, the books' own figure beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from core.jalali import from_jalali
from core.models import AuditEntry
from dashboards.models import ToldFigure
from dashboards.rollups import fold_all
from dashboards.services.seeding import seed_told_figures
from dashboards.services.told_figures import tell_figure, withdraw_figure
from dashboards.told import register
from provinces.enums import Role
from tests.dashboards.conftest import FARS, book
from tests.factories.aid import allocated, delivered
from tests.factories.clients import client_file
from tests.factories.gifts import receive
from tests.factories.people import person

ADDRESS = "/hq/public-figures/"
FACTS = {
    "topic": "کمک‌های بهار", "kind": "gifts", "unit": "rial", "amount": Decimal(5_000), "precision": "about",
    "starts_on": from_jalali(1405, 1, 1), "ends_on": from_jalali(1405, 3, 31), "source": "یک روزنامه", "told_on": None,
    "note": "",
}  # fmt: skip


def topic(name: str):
    return next(one for one in register() if one.name == name)


def test_what_the_press_told_is_there_with_its_conflicts(db, country):
    assert topic("کمک‌های نقدی و غیرنقدی، سال ۱۴۰۳").conflicts
    assert topic("رشد کمک‌ها").conflicts
    assert topic("درآمد پویش‌ها در چند ماه").conflicts
    assert topic("جامعهٔ زیر پوشش").conflicts
    assert topic("تفاهم‌نامه‌ها").conflicts
    assert not topic("گروه‌های داوطلب").conflicts
    assert not topic("کمک‌های نقدی و غیرنقدی، سال ۱۳۹۹").conflicts
    before = ToldFigure.objects.count()
    assert seed_told_figures() == {"toldfigure": before}


def test_the_books_stand_beside_it(db, country, noon):
    book(7_000, noon(1405, 2, 1), province=FARS)
    book(600, noon(1405, 2, 1), kind="in_kind")
    book(50_000, noon(1405, 2, 1), kind="service")
    book(1, noon(1405, 4, 1))
    book(5_000, noon(1404, 2, 1))
    fold_all()
    tell_figure(FACTS, actor=person())
    tell_figure(FACTS | {"kind": "growth", "unit": "percent", "amount": Decimal("12.5")}, actor=person())
    tell_figure(FACTS | {"kind": "campaigns", "amount": Decimal(9)}, actor=person())
    gifts, growth, campaigns = topic("کمک‌های بهار").told
    assert (gifts.own, gifts.difference) == (7_600, 2_600)
    assert growth.own == Decimal("1052.0")
    assert campaigns.own == 0


def test_aid_and_clients_of_our_own(db, country):
    made = allocated(receive(fund="dowry", province=FARS, amount_rial=500_000), 500_000)
    delivered(made, 300_000, quantity=3, households=3, what="جهیزیه", unit="سرویس", form="goods")
    client_file(("0701", "disabled", "stipend", 40), ("0701", "women", "none", 2))
    assert [one.own for one in topic("جهیزیه و کمک‌هزینهٔ ازدواج").told] == [3, 3]
    assert [one.own for one in topic("جامعهٔ زیر پوشش").told] == [42, 42]
    assert [one.own for one in topic("گروه‌های داوطلب").told] == [None]


def test_the_same_figure_of_the_same_source_is_told_once(db, country):
    made = tell_figure(FACTS, actor=person())
    with pytest.raises(DomainError, match="told_already"):
        tell_figure(FACTS, actor=person())
    withdraw_figure(made.pk, actor=person(), reason="رقم دیگری بود")
    withdraw_figure(made.pk, actor=person(), reason="دوباره")
    assert "کمک‌های بهار" not in [one.name for one in register()]
    assert tell_figure(FACTS, actor=person()).pk != made.pk
    assert AuditEntry.objects.filter(action="told_figure.withdraw").count() == 1
    with pytest.raises(DomainError, match="bad_period"):
        tell_figure(FACTS | {"ends_on": None, "amount": Decimal(1)}, actor=person())
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldFigure.objects.filter(pk=made.pk).update(why_withdrawn="")


def test_an_analyst_writes_one_down_in_toman(db, staff):
    client = staff((Role.HQ_ANALYST, None))
    sent = {
        "topic": "کمک‌های پاییز", "kind": "gifts", "unit": "rial", "precision": "over", "amount": "۱٬۲۰۰",
        "starts_on": "۱۴۰۵/۷/۱", "ends_on": "۱۴۰۵/۸/۳۰", "source": "یک خبرگزاری",
    }  # fmt: skip
    assert client.post(ADDRESS, sent).status_code == 302
    assert ToldFigure.objects.get(topic="کمک‌های پاییز").amount == 12_000
    again = client.post(ADDRESS, sent)
    assert "همین رقم از همین منبع در دفتر هست." in again.content.decode()
    assert "رقم را با عدد بنویسید." in client.post(ADDRESS, sent | {"amount": "NaN"}).content.decode()
    figure = ToldFigure.objects.get(topic="کمک‌های پاییز")
    assert client.post(f"{ADDRESS}{figure.pk}/", {"reason": ""}).status_code == 200
    assert client.post(f"{ADDRESS}{figure.pk}/", {"reason": "اشتباه"}).status_code == 302
    assert client.get(f"{ADDRESS}{figure.pk}/").status_code == 404


def test_an_accountant_only_looks(db, staff):
    client = staff((Role.HQ_ACCOUNTANT, None))
    assert client.get(ADDRESS).context["form"] is None
    assert client.post(ADDRESS, {}).status_code == 403
    assert "50000000000000" in client.get(f"{ADDRESS}file.csv").content.decode("utf-8-sig")


def test_one_and_thirty_figures_of_a_period_ask_the_same_number_of_queries(db, country, staff):
    ToldFigure.objects.all().delete()
    client, teller = staff((Role.HQ_ANALYST, None)), person()
    tell_figure(FACTS, actor=teller)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    for number in range(29):
        tell_figure(FACTS | {"amount": Decimal(number)}, actor=teller)
    with CaptureQueriesContext(connection) as thirty:
        client.get(ADDRESS)
    assert len(one) == len(thirty)
