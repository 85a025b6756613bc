"""A real browser, and the portal's processes with demo staff and one box."""

import pytest
from django.conf import settings

from campaigns.enums import CampaignState
from campaigns.models import Edition
from campaigns.services.placements import create_box
from payments.gateways import transport
from provinces.models import County, Province
from provinces.scoping import all_provinces
from provinces.services.demo_people import seed_demo_people
from tests import databases
from tests.flows.portal import Portal
from tests.payments.sandbox_bank.process import BankProcess

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory, worker_id):
    """Web, worker, beat and bank on a database with demo staff and one fitriyeh box in Tehran."""
    directory = tmp_path_factory.mktemp("portal")
    number = int(worker_id.removeprefix("gw")) + 9 if worker_id != "master" else 9
    redis_url = settings.REDIS_URL.rsplit("/", 1)[0] + f"/{number}"
    with django_db_blocker.unblock(), databases.copy_of(databases.template()) as name, all_provinces("test"):
        bank = BankProcess(directory / "bank")
        portal = Portal(
            directory, database_url=databases.url_of(name), redis_url=redis_url, bank_url=bank.url
        )
        try:
            seed_demo_people()
            portal.bank, portal.box = bank, a_box()
            portal.start("web", "worker", "beat")
            yield portal
        finally:
            portal.stop()
            bank.stop()
            transport.close_all()


def a_box():
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", state=CampaignState.OPEN)
    province = Province.objects.get(code="23")
    return create_box(
        number=7,
        province=province,
        county=County.objects.filter(province=province).first(),
        edition=edition,
        fund=edition.fund,
        permit_no="نمونه-۷",
        actor=None,
        job="test",
    )


@pytest.fixture
def page(chromium, portal):
    """A phone-sized page; every console error is kept in `page.complaints`."""
    context = chromium.new_context(viewport=PHONE, locale="fa-IR", base_url=portal.url)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("response", lambda r: page.complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("pageerror", lambda e: page.complaints.append(str(e)))
    yield page
    context.close()
