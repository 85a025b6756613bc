"""Which partners a scope may see: its own, and those of others that work or have promised something there."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from core.text import search_key
from partnerships.models import Commitment, ItemShare, Partner, PartnerSite
from provinces.scoping import Scope, all_provinces, current_scope


def partners_in_sight() -> QuerySet[Partner]:
    """Partners of the open scope; those of headquarters and of other provinces where they have a site, a promise or a
    share of a memorandum in the scope. Seen, not changed: services ask for the partner's own place."""
    scope = current_scope()
    with all_provinces("a partner is seen where it has something to do"):
        found = Partner.objects.select_related("province", "county")
        if scope.everything:
            return found
        return found.filter(
            Q(province__in=scope.provinces)
            | Q(county__in=scope.counties)
            | Exists(_here(PartnerSite.objects.filter(partner=OuterRef("pk"), is_active=True), scope))
            | Exists(_here(Commitment.objects.filter(partner=OuterRef("pk")), scope))
            | Exists(
                ItemShare.objects.filter(
                    item__agreement__partner=OuterRef("pk"), province__in=scope.provinces
                )
            )
        )


def _here(rows: QuerySet, scope: Scope) -> QuerySet:
    return rows.filter(Q(province__in=scope.provinces) | Q(county__in=scope.counties))


def find_partners(
    *, q: str = "", kind: str = "", province: str = "", county: str = "", resting: bool = False
) -> QuerySet[Partner]:
    """Partners in sight by words (however they were typed, or the legal ID), kind and place (their own, or a site's);
    "national" is headquarters' own. With how many sites and open promises each has."""
    scope, found = current_scope(), partners_in_sight()
    is_open = Q(commitments__state="open")
    if not scope.everything:
        is_open &= Q(commitments__province__in=scope.provinces) | Q(commitments__county__in=scope.counties)
    with all_provinces("counting what belongs to partners in sight"):
        if words := search_key(q):
            found = found.filter(search_key__contains=words)
        if kind:
            found = found.filter(kind=kind)
        if province == "national":
            found = found.filter(province=None)
        elif province:
            at = PartnerSite.objects.filter(partner=OuterRef("pk"), province=province, is_active=True)
            found = found.filter(Q(province=province) | Exists(at))
        if county:
            at = PartnerSite.objects.filter(partner=OuterRef("pk"), county=county, is_active=True)
            found = found.filter(Q(county=county) | Exists(at))
        return (
            found.filter(is_active=not resting)
            .annotate(
                site_count=Count("sites", filter=Q(sites__is_active=True), distinct=True),
                open_count=Count("commitments", filter=is_open, distinct=True),
            )
            .order_by("sort_key", "pk")
        )


@all_provinces("what is shown of a partner that is in sight")
def sites_of(partner: Partner) -> list[PartnerSite]:
    """Where a partner that is in sight works: in the whole country, these are public facts."""
    return list(partner.sites.filter(is_active=True).select_related("province", "county"))


def promises_of(partner: Partner) -> QuerySet[Commitment]:
    """The partner's promises in the open scope."""
    rows = Commitment.objects.filter(partner=partner).select_related("province", "county", "item__agreement")
    return rows.prefetch_related("instalments")


def choosable_partners() -> QuerySet[Partner]:
    """Those that may be named in a form, in Persian order."""
    return partners_in_sight().filter(is_active=True).order_by("sort_key", "pk")


def choosable_sites(partner: Partner | None = None) -> QuerySet[PartnerSite]:
    """Active sites of the open scope that may be named in a form, perhaps of one partner, by partner."""
    rows = PartnerSite.objects.filter(is_active=True, partner__is_active=True)
    if partner is not None:
        rows = rows.filter(partner=partner)
    return rows.select_related("partner", "county").order_by("partner__sort_key", "name", "pk")


def with_sites(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """The same with their active sites, for a file (one question more)."""
    with all_provinces("sites of partners in sight"):
        rows = PartnerSite.objects.filter(is_active=True).select_related("county", "province")
        return partners.prefetch_related(Prefetch("sites", queryset=rows, to_attr="shown_sites"))
