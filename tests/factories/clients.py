"""Counts of clients, as a file of the organisation's own systems brings them."""

from __future__ import annotations

import itertools

from core.jalali import tehran_today
from dashboards.models import ClientFile
from dashboards.services.clients import COLUMNS, take_client_file
from provinces.models import County

_files = itertools.count(1)


def client_file(*rows: tuple[str, str, str, int], as_of=None, **more) -> ClientFile:
    """(county, group, support, persons) … taken in as a file."""
    lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in rows)]
    facts = {"source": f"آمار آزمایشی {next(_files)}", "actor": None, "job": "test"} | more
    return take_client_file("\r\n".join(lines).encode(), as_of=as_of or tehran_today(), **facts)


def client_rows(province: str) -> dict[str, object]:
    """A count in a province, in a file of its own."""
    county = County.objects.filter(province=province, is_active=True).order_by("code").first()
    file = client_file((county.code, "disabled", "stipend", 100 + next(_files)))
    return {"dashboards.clientcount": file.counts.get()}
