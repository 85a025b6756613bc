"""What is given for one purpose stays with it from the form to the books: general and sadat fitriyeh, each kaffarah."""

import pytest
from django.test import Client

from core.jalali import tehran_today
from dashboards import figures
from dashboards.figures import Period
from dashboards.rollups import fold_all
from donations.models import Donation
from payments.services.settlement import settle
from tests.donations.conftest import announce, fields_of
from tests.factories.gifts import attempt_for, finding, paid

pytestmark = pytest.mark.usefixtures("db", "country")
RATES = {
    "fitriyeh": 750_000,
    "kaffarah_deliberate": 12_000_000,
    "kaffarah_non_deliberate": 200_000,
    "fidyah": 210_000,
}
GIFTS = {
    "fitriyeh_general": ("fitriyeh", 3, 2_250_000),
    "fitriyeh_sadat": ("fitriyeh", 2, 1_500_000),
    "kaffarah_deliberate": ("kaffarah_deliberate", 1, 12_000_000),
    "kaffarah_non_deliberate": ("kaffarah_non_deliberate", 5, 1_000_000),
    "fidyah": ("fidyah", 30, 6_300_000),
}


def test_each_lands_in_its_own_fund():
    rates = {kind: announce(kind, rial, is_default=True) for kind, rial in RATES.items()}
    browser = Client()
    for fund, (kind, persons, _) in GIFTS.items():
        fields = fields_of(browser.get("/give/", {"fund": fund, "province": "23"}))
        sent = browser.post("/give/", fields | {"persons": str(persons), f"rate_{kind}": str(rates[kind].pk)})
        assert sent.status_code == 303
    attempts = [attempt_for(gift) for gift in Donation.objects.order_by("pk")]
    settle({attempt.pk: finding(attempt, paid(attempt)) for attempt in attempts})
    fold_all()
    today = Period(tehran_today(), tehran_today())
    found = {row.key: row.total_rial for row in figures.totals(today, by="fund", province="23").rows}
    assert found == {fund: rial for fund, (_, _, rial) in GIFTS.items()}
