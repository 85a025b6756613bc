"""Taking in how many clients there are, from a file of the organisation's own systems."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date

from django.db import IntegrityError, transaction

from core.audit import record
from core.errors import DomainError
from core.models import User
from core.text import ascii_digits, normalise
from dashboards.enums import ClientGroup, Support
from dashboards.models import ClientCount, ClientFile
from provinces.models import County

COLUMNS = ("county", "group", "support", "persons")
MOST_BYTES, _MOST_PERSONS = 2_000_000, 10_000_000


@transaction.atomic
def take_client_file(
    content: bytes, *, as_of: date, source: str, actor: User | None, job: str = "", is_demo: bool = False
) -> ClientFile:
    """Take in a CSV of counts by county code, group and support; all of it or nothing. Audited.

    DomainError with `line`: bad_client_columns, bad_client_line, unknown_county, counted_twice. Without:
    clients_file_empty, clients_file_large, clients_file_known (the same file was taken before).
    """
    rows = _rows(content)
    digest = hashlib.sha256(content + as_of.isoformat().encode()).hexdigest()
    try:
        with transaction.atomic():
            made = ClientFile.objects.create(
                as_of=as_of, source=normalise(source)[:200], digest=digest, taken_by=actor, is_demo=is_demo
            )
    except IntegrityError as error:
        raise DomainError("clients_file_known", status=409) from error
    ClientCount.objects.bulk_create([ClientCount(file=made, **row) for row in rows], batch_size=2_000)
    record(
        "clients.take", made, actor=actor, job=job, rows=len(rows), persons=sum(r["persons"] for r in rows)
    )
    return made


def _rows(content: bytes) -> list[dict]:
    if len(content) > MOST_BYTES:
        raise DomainError("clients_file_large")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        raise DomainError("bad_client_columns", line=1) from error
    if tuple(name.strip() for name in reader.fieldnames or ()) != COLUMNS:
        raise DomainError("bad_client_columns", line=1)
    provinces = dict(County.objects.filter(is_active=True).values_list("code", "province_id"))
    rows, seen = [], set()
    for number, raw in enumerate(reader, start=2):
        row = _row(raw, number, provinces)
        key = (row["county_id"], row["group"], row["support"])
        if key in seen:
            raise DomainError("counted_twice", line=number)
        seen.add(key)
        rows.append(row)
    if not rows:
        raise DomainError("clients_file_empty")
    return rows


def _row(raw: dict[str, str | None], line: int, provinces: dict[str, str]) -> dict:
    said = {name: ascii_digits(normalise(raw.get(name) or "")) for name in COLUMNS}
    county = said["county"].zfill(4)
    if county not in provinces:
        raise DomainError("unknown_county", line=line)
    persons = said["persons"].replace(",", "").replace("٬", "")
    known = said["group"] in ClientGroup.values and said["support"] in Support.values
    if not known or not persons.isdecimal() or int(persons) > _MOST_PERSONS or None in raw:
        raise DomainError("bad_client_line", line=line)
    return {
        "county_id": county,
        "province_id": provinces[county],
        "group": said["group"],
        "support": said["support"],
        "persons": int(persons),
    }
