"""What tests of giving share: a browser that checks CSRF, a year's rates, printed codes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from campaigns.enums import PlacementKind
from campaigns.models import Edition, GivingRate, Placement
from campaigns.rates import giving_year
from core.codes import new_placement_code
from core.jalali import tehran_today
from donations.models import Donation
from provinces.models import County, Province

GIVE = "/give/"


@pytest.fixture
def browser() -> Client:
    """A browser as strict as a real one: nothing is sent that a page did not give it."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def fitriyeh_rate(db) -> GivingRate:
    """This year's announced rate: 75,000 toman a head at least."""
    return announce("fitriyeh", 750_000, is_minimum=True, is_default=True)


def announce(kind: str, amount_rial: int, **more) -> GivingRate:
    more = {"marja": "دفتر رهبری", "staple": "گندم", "source": "اعلام رسمی"} | more
    return GivingRate.objects.create(
        hijri_year=giving_year(), kind=kind, amount_rial=amount_rial, announced_on=tehran_today(), **more
    )


def place(province: str = "23", county: str = "", **more) -> Placement:
    """A printed code of a box in the open edition of the fitriyeh campaign."""
    more = {"edition": Edition.objects.get(campaign__slug="ziafat-mehrabani", state="open")} | more
    return Placement.objects.create(
        code=new_placement_code(),
        kind=PlacementKind.BOX,
        title="صندوق فطریهٔ مسجد جامع",
        province=Province.objects.get(code=province) if province else None,
        county=County.objects.get(code=county) if county else None,
        fund_id=more.pop("fund", "fitriyeh_general"),
        **more,
    )


class _Fields(HTMLParser):
    """The values a browser would send with a page's form, were its button pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.actions: list[dict] = []
        self._select = self._textarea = ""

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self.actions.append(said)
        is_sent = said.get("type") not in ("radio", "checkbox") or "checked" in said
        if tag == "input" and is_sent and said.get("name"):
            self.values[said["name"]] = said.get("value") or ("on" if said["type"] == "checkbox" else "")
        if tag == "textarea":
            self._textarea = said["name"]
            self.values[self._textarea] = ""
        if tag == "select":
            self._select = said["name"]
        if tag == "option" and (self._select not in self.values or "selected" in said):
            self.values[self._select] = said.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data):
        if self._textarea:
            self.values[self._textarea] = self.values[self._textarea] + data.lstrip("\n")


def fields_of(answer) -> dict[str, str]:
    """What the form of this page would send."""
    reader = _Fields()
    reader.feed(answer.content.decode())
    return reader.values


def only_gift() -> Donation:
    return Donation.objects.get()


def send(browser, **typed):
    """Open the form, type, press the button."""
    fields = fields_of(browser.get(GIVE)) | typed
    return browser.post(GIVE, fields)


def errors(answer) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["form"].errors.items()}
