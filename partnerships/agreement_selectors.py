"""Memoranda: which of them a scope may see, and how far their items have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from core.jalali import tehran_today
from core.listing import on_days
from core.text import search_key
from partnerships.enums import AgreementState
from partnerships.models import Agreement, AgreementFile, AgreementItem, Commitment, ItemShare
from provinces.scoping import all_provinces, current_scope


@dataclass(frozen=True)
class ItemStanding:
    """An item, its shares that may be seen, and of all its promises together: how much is promised in detail (what was
    given up counts with what came of it), how much has come."""

    item: AgreementItem
    shares: tuple[ItemShare, ...]
    detailed: int
    delivered: int

    @property
    def split(self) -> int:
        return sum(share.quantity for share in self.shares)

    @property
    def left(self) -> int:
        return max(0, self.item.target - self.delivered)

    @property
    def percent(self) -> int:
        """Whole percent that has come, cut; never more than a hundred."""
        return min(100, self.delivered * 100 // self.item.target)

    def is_late(self, today: date) -> bool:
        return bool(self.left and self.item.due_on and self.item.due_on < today)


def agreements_in_sight() -> QuerySet[Agreement]:
    """Memoranda of the open scope, and those of others in which it has a share or a promise."""
    scope = current_scope()
    with all_provinces("a memorandum is seen where it has items"):
        found = Agreement.objects.select_related("partner", "province")
        if scope.everything:
            return found
        here = Q(province__in=scope.provinces)
        shares = ItemShare.objects.filter(here, item__agreement=OuterRef("pk"))
        promises = Commitment.objects.filter(here, item__agreement=OuterRef("pk"))
        return found.filter(here | Exists(shares) | Exists(promises))


def find_agreements(
    *,
    q: str = "",
    state: str = "",
    province: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Agreement]:
    """Memoranda in sight by words of the partner's name or exact words of the title, state and place; with days, those
    signed between them."""
    found = on_days(agreements_in_sight(), "signed_on", since, until)
    if words := search_key(q):
        found = found.filter(Q(partner__search_key__contains=words) | Q(title__icontains=q.strip()))
    if state:
        found = found.filter(state=state)
    if province == "national":
        found = found.filter(province=None)
    elif province:
        found = found.filter(province=province)
    return found.order_by(F("signed_on").desc(nulls_first=True), "-pk")


def standings(agreements: Sequence[Agreement]) -> dict[int, list[ItemStanding]]:
    """How far the items of memoranda in sight are, by memorandum; three questions, however many there are. Sums are
    those of the whole item; shares are those of the open scope."""
    scope, ids = current_scope(), [agreement.pk for agreement in agreements]
    with all_provinces("an item is one for all provinces"):
        items = list(AgreementItem.objects.filter(agreement__in=ids).order_by("position", "pk"))
        sums = {
            row["item"]: (row["promised"], row["came"])
            for row in Commitment.objects.filter(item__agreement__in=ids)
            .values("item")
            .annotate(promised=Sum(held()), came=Sum("delivered"))
            .order_by()
        }
        shares = ItemShare.objects.filter(item__agreement__in=ids).select_related("province")
        if not scope.everything:
            shares = shares.filter(
                Q(province__in=scope.provinces) | Q(item__agreement__province__in=scope.provinces)
            )
        shares = list(shares.order_by("province__sort_key"))
    found: dict[int, list[ItemStanding]] = {pk: [] for pk in ids}
    for item in items:
        own = tuple(share for share in shares if share.item_id == item.pk)
        found[item.agreement_id].append(ItemStanding(item, own, *sums.get(item.pk, (0, 0))))
    return found


def held():
    """What a promise takes of its item: all of it while it stands, what came of one that was given up."""
    return Case(When(state="dropped", then=F("delivered")), default=F("quantity"))


@all_provinces("files of a memorandum in sight")
def files_of(agreement: Agreement) -> list[AgreementFile]:
    return list(agreement.files.select_related("added_by"))


@all_provinces("one file of a memorandum in sight")
def find_file(agreement: Agreement, file_id: int) -> AgreementFile | None:
    return agreement.files.filter(pk=file_id).first()


def promises_under(agreement: Agreement) -> QuerySet[Commitment]:
    """The promises of the open scope that detail a memorandum."""
    rows = Commitment.objects.filter(item__agreement=agreement)
    return rows.select_related("item", "partner", "province", "county").order_by("item__position", "-pk")


@all_provinces("items that are in sight by their memorandum")
def open_items(agreements: QuerySet[Agreement]) -> list[AgreementItem]:
    """Items of which something may still be promised in detail."""
    rows = AgreementItem.objects.filter(
        agreement__in=agreements.filter(state__in=[AgreementState.SIGNED, AgreementState.RUNNING])
    )
    return list(rows.select_related("agreement__partner").order_by("agreement", "position", "pk"))


def late_items(agreements: Sequence[Agreement]) -> list[ItemStanding]:
    """Items whose day has passed and that have not come."""
    today = tehran_today()
    return [row for rows in standings(agreements).values() for row in rows if row.is_late(today)]
