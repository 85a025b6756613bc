"""The accountant's pages of unusual money on a phone and on a desk: nothing for axe, no sideways scrolling."""

import pytest
from django.utils import timezone

from core.models import User
from payments.enums import Way
from payments.models import HeldMoney, Terminal
from payments.services.found import Found, note_found
from payments.services.held import Proposal, propose
from payments.services.settlement import settle
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.gifts import attempt_for, finding, give, paid

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
LIST = "/desk/payments/unusual/"


@pytest.fixture(scope="module")
def money(portal) -> dict[str, HeldMoney]:
    """Paid twice and open, another amount with a proposal of somebody else, an unknown reference."""
    gift = give(3_000_000, fund="livelihood", province="23")
    first, second = attempt_for(gift), attempt_for(gift, gateway="sadad")
    other = attempt_for(give(2_000_000, fund="livelihood", province="23"))
    answers = {first: paid(first), second: paid(second), other: paid(other, amount_rial=1_500_000)}
    settle({attempt.pk: finding(attempt, answer) for attempt, answer in answers.items()})
    somebody = User.objects.get(username="tehran.manager")
    differs = HeldMoney.objects.get(attempt=other)
    propose(differs.pk, Proposal(Way.ACCEPT_PAID, "نیکوکار همین مبلغ را می‌خواست"), actor=somebody)
    terminal = Terminal.objects.select_related("office").get(gateway="zarinpal")
    what = Found(terminal, "9876543210", 700_000, timezone.now(), "در پنل درگاه دیده شد")
    return {
        "twice": HeldMoney.objects.get(attempt=second),
        "differs": differs,
        "unknown": note_found(what, actor=somebody),
    }


def test_pages_of_unusual_money(chromium, portal, money):
    pages = {
        "tehran.accountant": (LIST, f"{LIST}{money['twice'].pk}/", f"{LIST}new/"),
        "hq.accountant": (
            f"{LIST}?state=all",
            f"{LIST}{money['differs'].pk}/",
            f"{LIST}{money['unknown'].pk}/",
        ),
    }
    faults = []
    for user, addresses in pages.items():
        context = chromium.new_context(
            viewport=PHONE, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        sign_in(page, user, addresses[0])
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            faults += [f for address in addresses for f in faults_of(page, address)]
        context.close()
    assert faults == []
