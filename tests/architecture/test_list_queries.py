"""Every list asks the database as often for thirty rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aid.models import Kit
from aid.services.kits import begin_batch
from campaigns.rates import giving_year
from campaigns.services.code_batches import request_codes
from campaigns.services.occasions import OccasionFacts, add_occasion
from campaigns.services.rates import RateFacts, announce_rate
from cases.services.cases import open_case
from core.codes import new_tracking_code
from core.jalali import from_jalali, tehran_today, to_jalali
from partnerships.enums import Capital, Purpose
from partnerships.services.assets import AssetFacts, write_asset
from payments.enums import DayState, SourceKind
from payments.models import CashDeposit, DayBalance, DonorClaim
from payments.services.refunds import request_refund
from provinces.enums import Role
from provinces.models import County, Province
from tests.architecture.conftest import of_another_amount
from tests.architecture.test_lists import LISTS, OF_THE_COUNTRY
from tests.factories.boxes import planned
from tests.factories.care import care_case
from tests.factories.channels import proposed
from tests.factories.events import planned_event
from tests.factories.gifts import receive
from tests.factories.goods import offer, stocked, warehouse
from tests.factories.lines import source
from tests.factories.needs import need
from tests.factories.network import a_group, a_volunteer, an_opportunity
from tests.factories.people import TEHRAN, TEHRAN_COUNTY, browser_of, office_for, person
from tests.factories.promises import firm, promised, signed
from tests.factories.statement_files import a_source, a_statement, panel_row
from volunteers.enums import Shown
from volunteers.models import Duplicate, RegistryImport, Revelation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

ACCOUNTANT, MANAGER, HQ = Role.PROVINCIAL_ACCOUNTANT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER
MANY = 30
# lists whose rows are costly to make are tried where they are made for other tests too
ELSEWHERE = {
    "campaigns-desk": "tests/campaigns/test_desk_campaigns.py",
    "hq-campaigns": "tests/campaigns/test_desk_campaigns.py",
    "plans-waiting": "tests/campaigns/test_many_decisions.py",
    "hq-reconciliation": "tests/architecture/test_list_queries.py: a row a province, however few have any",
}


def _office():
    return office_for(ACCOUNTANT, TEHRAN)


def _refund(_n: int) -> None:
    request_refund(receive(10_000, province=TEHRAN).attempts.get().pk, actor=person(), reason="خطا")


def _claim(n: int) -> None:
    DonorClaim.objects.create(
        code=new_tracking_code(), amount_rial=100_000 + n, day=tehran_today(), last_digits="1234",
        mobile="+989121234567", mobile_hash="hash", fund_id="general", province_id=TEHRAN,
    )  # fmt: skip


def _codes(n: int) -> None:
    tehran = Province.objects.get(code=TEHRAN)
    request_codes(kind="poster", title=f"پوستر {n}", count=1, size="small", province=tehran, actor=person())
    planned(TEHRAN)


def _slip(n: int) -> None:
    CashDeposit.objects.create(
        office=_office(), bank="بانک", slip_number=str(n), amount_rial=1_000, deposited_on=tehran_today(),
        recorded_by=person(),
    )  # fmt: skip


def _balance(n: int) -> None:
    account = source(SourceKind.BANK, f"bank-{n}", office=_office()).account
    DayBalance.objects.create(office=_office(), account=account, day=tehran_today(), state=DayState.DIFFERS)


def _asset(n: int) -> None:
    place = County.objects.get(code=TEHRAN_COUNTY)
    write_asset(
        AssetFacts(place, Capital.PHYSICAL, f"سالن {n}", "مسجد", [Purpose.EMPLOYMENT]), actor=person()
    )


def _registry(n: int) -> None:
    RegistryImport.objects.create(
        province_id=TEHRAN,
        file_name="دفتر.csv",
        path="",
        sha256=f"{n:064d}",
        size_bytes=5,
        uploaded_by=person(),
    )


def _shown(_n: int) -> None:
    Revelation.objects.create(
        volunteer=a_volunteer(), province_id=TEHRAN, what=Shown.MOBILE, reason="هماهنگی", seen_by=person()
    )


def _rate(n: int) -> None:
    said = {"staple": "گندم", "region": "", "is_minimum": False, "is_default": False, "source": "اعلام دفتر"}
    said |= {"hijri_year": giving_year(), "kind": "fitriyeh", "amount_rial": 900_000, "marja": f"دفتر {n}"}
    announce_rate(RateFacts(**said, announced_on=tehran_today()), actor=person())


def _occasion(n: int) -> None:
    day = from_jalali(to_jalali(tehran_today()).year, 1, 1) + timedelta(days=n)
    add_occasion(OccasionFacts(code=f"day_{n}", name=f"روز {n}", starts_on=day, ends_on=day), actor=person())


MAKERS: dict[str, tuple[Role, Callable[[int], Any]]] = {
    "payments-desk": (ACCOUNTANT, lambda n: receive(10_000, province=TEHRAN)),
    "refunds": (ACCOUNTANT, _refund),
    "unusual-money": (ACCOUNTANT, lambda n: of_another_amount(province=TEHRAN)),
    "claims": (ACCOUNTANT, _claim),
    "statements": (ACCOUNTANT, lambda n: a_statement(a_source(_office(), f"panel-{n}"), panel_row(n))),
    "counter-deposits": (ACCOUNTANT, _slip),
    "reconciliation": (ACCOUNTANT, _balance),
    "cases": (ACCOUNTANT, lambda n: open_case("undecided", f"attempt:{n}", TEHRAN)),
    "care-desk": (MANAGER, lambda n: care_case(province=TEHRAN)),
    "needs-desk": (MANAGER, lambda n: need()),
    "volunteers-desk": (MANAGER, lambda n: a_volunteer()),
    "groups-desk": (MANAGER, lambda n: a_group(leader=a_volunteer())),
    "opportunities-desk": (MANAGER, lambda n: an_opportunity(county=TEHRAN_COUNTY)),
    "duplicates-desk": (
        MANAGER,
        lambda n: Duplicate.objects.create(volunteer=a_volunteer(), other=a_volunteer()),
    ),
    "registries-desk": (MANAGER, _registry),
    "shown-numbers": (MANAGER, _shown),
    "events-desk": (MANAGER, lambda n: planned_event()),
    "in-kind": (MANAGER, lambda n: offer()),
    "stock": (MANAGER, lambda n: stocked(warehouse())),
    "kits": (
        MANAGER,
        lambda n: begin_batch(Kit.objects.get(code="livelihood"), warehouse(), 1, actor=person()),
    ),
    "boxes": (MANAGER, lambda n: planned(TEHRAN, TEHRAN_COUNTY)),
    "code-batches": (MANAGER, _codes),
    "channels-desk": (MANAGER, lambda n: proposed("app", name=f"برنامهٔ {n}", province=TEHRAN)),
    "people": (MANAGER, lambda n: person(Role.PROVINCIAL_EXPERT, TEHRAN)),
    "partners": (MANAGER, lambda n: firm()),
    "agreements": (MANAGER, lambda n: signed()),
    "promises": (MANAGER, lambda n: promised(20, plan=[(5, 10), (30, 10)])),
    "neighbourhoods": (MANAGER, _asset),
    "hq-channels": (HQ, lambda n: proposed("app", name=f"برنامهٔ {n}", province=TEHRAN)),
    "hq-rates": (HQ, _rate),
    "hq-occasions": (HQ, _occasion),
}


def test_every_list_is_tried():
    assert {*LISTS, *OF_THE_COUNTRY} == {*LISTS, *OF_THE_COUNTRY} & {*MAKERS, *ELSEWHERE}


@pytest.mark.parametrize("name", MAKERS)
def test_thirty_rows_ask_as_often_as_one(name):
    role, make = MAKERS[name]
    browser, address = browser_of(person(role, TEHRAN)), reverse(name)
    make(1)
    for_one = asked(browser, address)
    for number in range(2, MANY + 1):
        make(number)
    assert asked(browser, address) == for_one


def asked(browser: Client, address: str) -> int:
    """The queries of a page once what a process remembers is remembered."""
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)
