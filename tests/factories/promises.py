"""Partners, memoranda and promises, with fitting values unless a test says otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from core.jalali import tehran_today
from core.models import User
from partnerships.enums import Capital, DeliveryForm, Measure, PartnerKind, Purpose
from partnerships.models import Agreement, Commitment, Partner, PromiseDelivery, PromiseReminder
from partnerships.services.agreements import (
    AgreementFacts,
    ItemFacts,
    add_file,
    add_item,
    confirm_signing,
    draft_agreement,
    record_signing,
    split_item,
    start_agreement,
)
from partnerships.services.assets import AssetFacts, write_asset
from partnerships.services.deliveries import Proof, decide_delivery, record_delivery
from partnerships.services.partners import PartnerFacts, add_contact, add_site, create_partner
from partnerships.services.promises import Part, PromiseFacts, make_promise
from provinces.models import County, Province
from provinces.services.neighbourhoods import add_neighbourhood
from tests.factories.people import TEHRAN, person

_numbers = itertools.count(1)
PDF = b"%PDF-1.7 test"


def days(count: int) -> date:
    """A day so many days from today."""
    return tehran_today() + timedelta(days=count)


def firm(
    province: str = TEHRAN,
    county: str = "",
    *,
    name: str = "",
    kind: PartnerKind = PartnerKind.FIRM,
    actor: User | None = None,
    **more,
) -> Partner:
    """A partner; of headquarters with an empty province."""
    facts = PartnerFacts(
        kind,
        name or f"شرکت نمونهٔ {next(_numbers)}",
        province=Province.objects.get(code=province) if province else None,
        county=County.objects.get(code=county) if county else None,
        **more,
    )
    return create_partner(facts, actor=actor or person())


def item(title: str = "سری جهیزیه", target: int = 100, **more) -> ItemFacts:
    facts = {"purpose": Purpose.DOWRY, "unit": "سری"} | more
    return ItemFacts(title, target=target, **facts)


def signed(
    partner: Partner | None = None,
    *items: ItemFacts,
    province: str = TEHRAN,
    running: bool = False,
    actor: User | None = None,
    **more,
) -> Agreement:
    """A memorandum that was signed, with a hundred dowry sets unless items are named."""
    actor = actor or person()
    facts = {"title": "تفاهم‌نامهٔ نمونه"} | more
    place = Province.objects.get(code=province) if province else None
    draft = draft_agreement(
        AgreementFacts(partner=partner or firm(province), province=place, **facts), actor=actor
    )
    for one in items or (item(),):
        add_item(draft.pk, one, actor=actor)
    record_signing(draft.pk, signed_on=tehran_today(), actor=actor)
    made = confirm_signing(draft.pk, actor=person())
    return start_agreement(made.pk, actor=actor) if running else made


def promised(
    quantity: int = 10,
    *,
    plan: Sequence[tuple[int, int]] = (),
    due: int = 30,
    province: str | None = TEHRAN,
    county: str = "",
    actor: User | None = None,
    **more,
) -> Commitment:
    """Ten dowry sets of a firm, due in thirty days; `plan` holds (days from today, quantity)."""
    facts: dict[str, Any] = {"what": "سری جهیزیه", "measure": Measure.GOODS, "unit": "سری"}
    facts |= {"purpose": Purpose.DOWRY} | more
    if "partner" not in facts and "who" not in facts and "item" not in facts:
        facts["partner"] = firm(province or "", county)
    where = {
        "province": Province.objects.get(code=province) if province else None,
        "county": County.objects.get(code=county) if county else None,
    }
    parts = [Part(days(day), part) for day, part in plan]
    return make_promise(
        PromiseFacts(due_on=days(due), quantity=quantity, **where | facts), parts, actor=actor or person()
    )


def came(promise: Commitment, quantity: int = 10, *, actor: User | None = None, **more) -> PromiseDelivery:
    """Something that came on the spot and waits for a second person."""
    facts = {"form": DeliveryForm.DIRECT, "delivered_on": tehran_today(), "evidence": "صورت‌جلسهٔ ۱۲"} | more
    quantity = None if facts["form"] == DeliveryForm.MONEY else quantity
    return record_delivery(promise.pk, Proof(quantity=quantity, **facts), actor=actor or person())


def kept(promise: Commitment, quantity: int = 10, **more) -> PromiseDelivery:
    """The same, confirmed by somebody else."""
    return decide_delivery(came(promise, quantity, **more).pk, approve=True, actor=person())


def promise_rows(province: str, county: str = "") -> dict[str, Any]:
    """One row of everything about partners and promises in a place."""
    actor = person()
    somewhere = county or County.objects.filter(province=province).order_by("code").first().code
    place = County.objects.get(code=somewhere)
    partner = firm(province, county, actor=actor)
    add_site(partner.pk, name="کارخانه", county=place, actor=actor)
    add_contact(partner.pk, name="رابط", mobile="+989121234560", wants_reminders=True, actor=actor)
    agreement = signed(partner, province=province, actor=actor)
    line = agreement.items.get()
    split_item(line.pk, {province: 50}, actor=actor)
    copy = add_file(agreement.pk, title="نسخهٔ امضاشده", file=BytesIO(PDF), actor=actor)
    promise = promised(20, province=province, county=county, item=line, actor=actor)
    delivery = came(promise, 5, file=BytesIO(PDF), actor=actor)
    PromiseReminder.objects.create(commitment=promise, due_on=tehran_today(), stage="soon")
    neighbourhood = add_neighbourhood(place, "محلهٔ نمونه", actor=actor)
    facts = AssetFacts(
        place, Capital.PHYSICAL, "سالن دوخت", "مسجد محل", [Purpose.EMPLOYMENT], neighbourhood, "۰۲۱"
    )
    return {
        "partnerships.partner": partner,
        "partnerships.agreement": agreement,
        "partnerships.agreementfile": copy,
        "partnerships.commitment": promise,
        "partnerships.promisedelivery": delivery,
        "partnerships.communityasset": write_asset(facts, actor=actor),
    }
