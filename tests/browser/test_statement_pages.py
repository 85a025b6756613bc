"""The pages of statement files as an accountant sees them on a phone and on a desk."""

import pytest
from django.conf import settings

from payments.models import LineRevision, UnreadLine
from provinces.enums import OfficeLevel
from provinces.models import Office
from provinces.scoping import all_provinces
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.people import TEHRAN
from tests.factories.statement_files import a_source, a_statement
from tests.payments.statements.files import BANK, bank_file, panel_row

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def addresses(portal, tmp_path_factory):
    """A file with unread lines, one that contradicts it, and a question about twins."""
    media = tmp_path_factory.mktemp("statements")
    with all_provinces("test"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", media)
        office = Office.objects.get(level=OfficeLevel.PROVINCE, province=TEHRAN)
        source, bank = a_source(office, "tehran-panel"), a_source(office, "tehran-bank", BANK)
        first = a_statement(source, panel_row(1), panel_row(2, date="1404/12/30"), "=cmd|" + "ناخوانا " * 40)
        second = a_statement(source, panel_row(1, amount="300000"))
        gift = "1403/09/07,10:00:00,,500000,,کارت به کارت"
        for content in (bank_file(gift), bank_file("", gift)):
            a_statement(bank, content=content)
        assert LineRevision.objects.exists()
        twin = UnreadLine.objects.get(reason="twin_or_repeat")
        unread = UnreadLine.objects.filter(first_import=first).first()
    return [
        "/desk/statements/",
        f"/desk/statements/{first.pk}/",
        f"/desk/statements/{second.pk}/",
        f"/desk/statements/unread/{unread.pk}/",
        f"/desk/statements/unread/{twin.pk}/",
    ]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_wrong_with_them(chromium, portal, addresses, viewport):
    context = chromium.new_context(
        viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, "tehran.accountant", addresses[0])
    faults = [fault for address in addresses for fault in faults_of(page, address)]
    context.close()
    assert faults == []
