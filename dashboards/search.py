"""One field over everything of one's scope, however it is typed. Numbers and codes are looked up by their own indexes;
names by their folded keys. Nothing outside the open scope is found, nothing that the person's roles may not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from campaigns.channels import group_number, looked_after
from campaigns.models import Box, Branch, Campaign, Channel, Event, Need, Placement
from cases.models import CareCase, Case
from cases.selectors import quoted_cases
from core import audit
from core.codes import PLACEMENT, TRACKING, VERIFICATION, CodeKind, show_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.identifiers import parse_mobile
from core.models import User
from core.money import format_toman
from core.text import ascii_digits, normalise, search_key
from dashboards import search_phrases as words
from donations.models import Donation, GiftInKind
from partnerships.agreement_selectors import find_agreements
from partnerships.models import Agreement, Partner
from partnerships.partner_selectors import partners_in_sight
from payments.desk_selectors import quoted_attempts
from payments.models import DonorClaim
from provinces.access import Access
from provinces.models import County, Membership
from provinces.permissions import Permission
from provinces.scoping import current_scope
from volunteers.desk_selectors import volunteers_in_scope
from volunteers.models import Opportunity, VolunteerGroup
from volunteers.shift_selectors import groups_in_scope

LEAST, MOST = 2, 80
A_KIND = 8
MOST_NUMBER_DIGITS = 9


@dataclass(frozen=True)
class Typed:
    """What somebody typed, as each finder wants it."""

    text: str
    digits: str = ""
    key: str = ""
    tracking: str = ""
    placement: str = ""
    verification: str = ""
    mobile_hash: str = ""

    @property
    def number(self) -> int | None:
        is_small = self.digits.isdecimal() and len(self.digits) <= MOST_NUMBER_DIGITS
        return int(self.digits) if is_small else None


@dataclass(frozen=True)
class Hit:
    text: str
    url: str
    note: str = ""
    code: str = ""


@dataclass
class Found:
    """What one kind gave: at most A_KIND hits, and whether there is more."""

    kind: str
    hits: list[Hit] = field(default_factory=list)
    has_more: bool = False

    @property
    def label(self) -> Any:
        return words.KINDS[self.kind]


def read_typed(q: str) -> Typed | None:
    """None for what is too short to look for."""
    text = normalise(q[:MOST])
    if len(search_key(text)) < LEAST:
        return None
    digits = ascii_digits(text).replace(" ", "")
    try:
        mobile_hash = keyed_hash(parse_mobile(text), "mobile")
    except DomainError:
        mobile_hash = ""
    return Typed(
        text,
        digits,
        search_key(text),
        _code(TRACKING, text),
        _code(PLACEMENT, text),
        _code(VERIFICATION, text),
        mobile_hash,
    )


def search(q: str, access: Access, user: User) -> list[Found]:
    """What fits, by kind, in the order of the house. Showing somebody's personal data is audited, without what was
    typed."""
    typed = read_typed(q)
    if typed is None:
        return []
    found = []
    for kind, permission, rows_of, hit in FINDERS:
        if not access.may(permission):
            continue
        rows = rows_of(typed)
        if rows is None:
            continue
        rows = list(rows[: A_KIND + 1])
        if rows:
            found.append(Found(kind, [hit(row) for row in rows[:A_KIND]], len(rows) > A_KIND))
            if kind in PERSONAL:
                shown = [row.pk for row in rows[:A_KIND]]
                audit.record("search.show", user, actor=user, kind=kind, rows=shown)
    return found


def _code(kind: CodeKind, text: str) -> str:
    try:
        return kind.parse(text)
    except DomainError:
        return ""


# --- finders: what was typed → rows of the open scope, None for what cannot be one of them -------------------
def _gifts(typed: Typed) -> QuerySet | None:
    if typed.tracking:
        rows = Donation.objects.filter(tracking_code=typed.tracking)
    elif typed.verification:
        rows = Donation.objects.filter(receipt__code=typed.verification)
    elif "-" in typed.text or (len(typed.digits) >= LEAST and typed.digits[:1].isdecimal()):
        rows = Donation.objects.filter(receipt__serial=typed.digits)
    else:
        return None
    return rows.select_related("fund", "province")


def _gifts_of_donor(typed: Typed) -> QuerySet | None:
    """By the whole number alone; a name is nobody's key."""
    if not typed.mobile_hash:
        return None
    rows = Donation.objects.filter(donor__mobile_hash=typed.mobile_hash).select_related("fund", "province")
    return rows.order_by("-pk")


def _payments(typed: Typed) -> QuerySet | None:
    if not typed.tracking and not any(sign.isdecimal() for sign in typed.digits):
        return None
    return quoted_attempts(typed.text).select_related("donation__fund")


def _boxes(typed: Typed) -> QuerySet | None:
    condition = Q()
    if typed.placement:
        condition |= Q(placement__code=typed.placement)
    if typed.number is not None:
        condition |= Q(number=typed.number)
    return Box.objects.filter(condition).select_related("placement", "county") if condition else None


def _codes(typed: Typed) -> QuerySet | None:
    if typed.placement:
        return Placement.objects.filter(code=typed.placement, box=None)
    return Placement.objects.filter(box=None, title__icontains=typed.text).order_by("-pk")


def _campaigns(typed: Typed) -> QuerySet | None:
    names = [row.pk for row in Campaign.objects.all() if typed.key in search_key(row.name)]
    if not names:
        return None
    rows = Branch.objects.filter(edition__campaign__in=names).select_related("edition__campaign", "province")
    return rows.order_by("-edition__year", "province__sort_key")


def _needs(typed: Typed) -> QuerySet:
    by_code = Q(code=typed.placement) if typed.placement else Q()
    return Need.objects.filter(by_code | Q(search_key__contains=typed.key)).select_related("county")


def _cases(typed: Typed) -> QuerySet | None:
    return quoted_cases(tracking=typed.tracking, digits=typed.digits)


def _care(typed: Typed) -> QuerySet | None:
    if typed.mobile_hash:
        return CareCase.objects.filter(mobile_hash=typed.mobile_hash).select_related("category")
    code = ascii_digits(typed.text).upper().replace("-", "").replace(" ", "")
    return CareCase.objects.filter(code=code).select_related("category") if len(code) >= 6 else None


def _events(typed: Typed) -> QuerySet:
    return Event.objects.filter(title__icontains=typed.text).order_by("-starts_at")


def _partners(typed: Typed) -> QuerySet:
    return partners_in_sight().filter(search_key__contains=typed.key).order_by("sort_key")


def _agreements(typed: Typed) -> QuerySet:
    return find_agreements(q=typed.text)


def _channels(typed: Typed) -> QuerySet:
    """By name, or by the whole number as it is kept."""
    number = typed.digits.replace("-", "").upper()
    return looked_after().filter(Q(name__icontains=typed.text) | Q(value=number)).order_by("pk")


def _volunteers(typed: Typed) -> QuerySet:
    return volunteers_in_scope(q=typed.text)


def _groups(typed: Typed) -> QuerySet:
    return groups_in_scope(q=typed.text)


def _opportunities(typed: Typed) -> QuerySet:
    return Opportunity.objects.filter(title__icontains=typed.text).order_by("-pk")


def _colleagues(typed: Typed) -> list:
    """Staff are few enough to be folded here."""
    rows = Membership.objects.select_related("user", "office").order_by("-starts_on")
    return [row for row in rows if typed.key in search_key(f"{row.user} {row.user.username}")]


def _counties(typed: Typed) -> QuerySet:
    rows = County.objects.filter(search_key__startswith=typed.key, is_active=True).select_related("province")
    scope = current_scope()
    return rows if scope.everything else rows.filter(scope.condition("province", "pk"))


def _goods(typed: Typed) -> QuerySet | None:
    return GiftInKind.objects.filter(tracking_code=typed.tracking) if typed.tracking else None


def _claims(typed: Typed) -> QuerySet | None:
    if typed.mobile_hash:
        return DonorClaim.objects.filter(mobile_hash=typed.mobile_hash)
    code = ascii_digits(typed.text).upper().replace("-", "").replace(" ", "")
    return DonorClaim.objects.filter(code=code) if len(code) >= 6 else None


# --- how each is shown -----------------------------------------------------------------------------------
def _gift_hit(row: Donation) -> Hit:
    address = reverse("donation-status", args=[row.tracking_code])
    note = f"{format_toman(row.amount_rial)}، {row.fund.name}، {row.get_status_display()}"
    return Hit("", address, note, show_code(row.tracking_code))


def _payment_hit(row) -> Hit:
    note = f"{format_toman(row.amount_rial)}، {row.get_gateway_display()}، {row.get_state_display()}"
    return Hit("", reverse("payment-desk", args=[row.pk]), note, str(row.order_id))


def _box_hit(row: Box) -> Hit:
    text = str(words.BOX).format(number=row.number)
    note = "، ".join(filter(None, [row.get_state_display(), row.county and row.county.name, row.address]))
    return Hit(text, reverse("box", args=[row.placement.code]), note, show_code(row.placement.code))


def _code_hit(row: Placement) -> Hit:
    return Hit(row.title, reverse("code", args=[row.code]), row.get_kind_display(), show_code(row.code))


def _branch_hit(row: Branch) -> Hit:
    return Hit(str(row.edition), reverse("branch-desk", args=[row.pk]), row.province.name)


def _need_hit(row: Need) -> Hit:
    note = "، ".join(filter(None, [row.get_state_display(), row.county and row.county.name]))
    return Hit(row.title, reverse("need-desk", args=[row.pk]), note, row.code)


def _case_hit(row: Case) -> Hit:
    return Hit(row.get_kind_display(), reverse("case", args=[row.pk]), row.get_state_display(), row.subject)


def _care_hit(row: CareCase) -> Hit:
    return Hit(row.category.name, reverse("care-desk-one", args=[row.pk]), row.get_state_display(), row.code)


def _event_hit(row: Event) -> Hit:
    return Hit(row.title, reverse("event-desk", args=[row.pk]), row.get_state_display())


def _partner_hit(row: Partner) -> Hit:
    return Hit(row.name, reverse("partner", args=[row.pk]))


def _agreement_hit(row: Agreement) -> Hit:
    return Hit(row.title, reverse("agreement", args=[row.pk]), row.partner.name)


def _channel_hit(row: Channel) -> Hit:
    note = "، ".join(filter(None, [row.get_kind_display(), row.office and row.office.name]))
    return Hit(row.name, reverse("channel-desk", args=[row.pk]), note, group_number(row.kind, row.value))


def _group_hit(row: VolunteerGroup) -> Hit:
    return Hit(row.name, reverse("group-desk", args=[row.pk]), row.county.name)


def _opportunity_hit(row: Opportunity) -> Hit:
    return Hit(row.title, reverse("opportunity-desk", args=[row.pk]), row.get_state_display())


def _volunteer_hit(row) -> Hit:
    note = "، ".join(filter(None, [row.get_vetting_display(), row.county and row.county.name]))
    return Hit(row.name, reverse("volunteer-desk", args=[row.pk]), note)


def _colleague_hit(row: Membership) -> Hit:
    note = f"{row.get_role_display()}، {row.office.name}"
    return Hit(str(row.user), reverse("person", args=[row.pk]), note)


def _county_hit(row: County) -> Hit:
    return Hit(row.name, f"{reverse('desk')}?county={row.code}", row.province.name)


def _good_hit(row: GiftInKind) -> Hit:
    return Hit(
        "", reverse("in-kind-gift", args=[row.pk]), row.get_state_display(), show_code(row.tracking_code)
    )


def _claim_hit(row: DonorClaim) -> Hit:
    return Hit("", reverse("claim", args=[row.pk]), row.get_state_display(), row.code)


FINDERS: tuple[tuple[str, Permission, Callable[[Typed], Any], Callable[[Any], Hit]], ...] = (
    ("gifts", Permission.VIEW_DESK, _gifts, _gift_hit),
    ("donors", Permission.VIEW_CARE, _gifts_of_donor, _gift_hit),
    ("payments", Permission.VIEW_PAYMENTS, _payments, _payment_hit),
    ("boxes", Permission.VIEW_BOXES, _boxes, _box_hit),
    ("codes", Permission.MANAGE_PLACEMENTS, _codes, _code_hit),
    ("goods", Permission.VIEW_STOCK, _goods, _good_hit),
    ("cases", Permission.VIEW_CASES, _cases, _case_hit),
    ("care", Permission.VIEW_CARE, _care, _care_hit),
    ("claims", Permission.VIEW_PAYMENTS, _claims, _claim_hit),
    ("campaigns", Permission.VIEW_CAMPAIGNS, _campaigns, _branch_hit),
    ("needs", Permission.VIEW_NEEDS, _needs, _need_hit),
    ("events", Permission.MANAGE_EVENTS, _events, _event_hit),
    ("partners", Permission.VIEW_PARTNERS, _partners, _partner_hit),
    ("agreements", Permission.VIEW_AGREEMENTS, _agreements, _agreement_hit),
    ("channels", Permission.VIEW_CHANNELS, _channels, _channel_hit),
    ("volunteers", Permission.VIEW_VOLUNTEERS, _volunteers, _volunteer_hit),
    ("groups", Permission.VIEW_VOLUNTEERS, _groups, _group_hit),
    ("opportunities", Permission.MANAGE_SHIFTS, _opportunities, _opportunity_hit),
    ("colleagues", Permission.MANAGE_PEOPLE, _colleagues, _colleague_hit),
    ("counties", Permission.VIEW_DESK, _counties, _county_hit),
)
PERSONAL = {"donors", "volunteers", "care", "claims"}
