"""Reading accounts: what they hold now, and the legs that some sources booked on them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from ledger.dimensions import Facet
from ledger.models import Posting
from provinces.scoping import all_provinces


@all_provinces("an account is whole")
def balances(codes: Iterable[str]) -> dict[str, int]:
    """What these accounts hold, in rials: debit is positive. An account without legs is left out."""
    rows = Posting.objects.filter(account__code__in=list(codes)).values_list("account__code")
    return dict(rows.annotate(Sum("amount_rial")))


@all_provinces("an entry is whole")
def legs_on(account: str, sources: Iterable[str]) -> dict[Facet, int]:
    """The sum, by facet, of what these sources booked on an account."""
    rows = (
        Posting.objects.filter(entry__source__in=list(sources), account__code=account)
        .values_list(
            "dimension__fund_id",
            "dimension__province_id",
            "dimension__county_id",
            "dimension__edition_id",
            "dimension__branch_id",
            "dimension__channel_id",
            "dimension__need_id",
        )
        .annotate(Sum("amount_rial"))
    )
    return {Facet(*row[:7]): row[7] for row in rows}
