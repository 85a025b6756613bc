"""Thousands of printed codes in one go: asked for by a person, made by the long worker, printed in packs."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from campaigns.enums import PlacementKind, StickerFormat
from campaigns.models import CodeBatch, Edition, Fund, Placement
from campaigns.services.placements import branch_of, check_edition, checked_place
from campaigns.services.stickers import request_stickers
from core import audit
from core.codes import new_placement_code
from core.errors import DomainError
from core.models import Queue, User
from core.outbox import after_commit
from core.text import normalise, persian_digits
from provinces.models import County, Province

MOST_CODES = 20_000
AT_ONCE = 1_000  # committed together and printed in one file; a killed worker goes on after them
TRIES = 5


@transaction.atomic
def request_codes(
    *,
    kind: PlacementKind,
    title: str,
    count: int,
    size: StickerFormat,
    province: Province | None = None,
    county: County | None = None,
    edition: Edition | None = None,
    fund: Fund | None = None,
    actor: User | None,
    job: str = "",
) -> CodeBatch:
    """Promise `count` codes and their sheets; audited. The long worker makes them after the commit.

    DomainError: not_found (outside the scope), unknown_county, campaign_elsewhere, title_required, too_many_codes
    (with `most`), boxes_elsewhere: a box is more than its code and is made on its own page.
    """
    place = checked_place(province, county)
    check_edition(edition, province)
    title = normalise(title)[:120]
    if not title:
        raise DomainError("title_required", field="title")
    if not 1 <= count <= MOST_CODES:
        raise DomainError("too_many_codes", field="count", most=MOST_CODES)
    if kind == PlacementKind.BOX:
        raise DomainError("boxes_elsewhere", field="kind")
    batch = CodeBatch.objects.create(
        kind=kind, title=title, count=count, size=size, edition=edition, fund=fund, asked_by=actor, **place
    )
    audit.record("codes.request", batch, actor=actor, job=job, province_code=batch.province_id, count=count)
    after_commit("campaigns.make_codes", queue=Queue.LONG, batch_id=batch.pk)
    return batch


@transaction.atomic
def make_codes(batch_id: int) -> None:
    """Make the next thousand codes of a batch with their sheet, and promise the next step; called by the outbox.

    Safe to repeat: the batch is locked and says how many are there. Each step is its own transaction and each sheet its
    own promise, so that sheets are drawn side by side with the codes that follow.
    """
    batch = CodeBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None or batch.state == CodeBatch.State.READY:
        return
    number = min(AT_ONCE, batch.count - batch.made)
    placements = _new_placements(batch, number)
    batch.made += number
    batch.state = CodeBatch.State.READY if batch.made == batch.count else CodeBatch.State.MAKING
    batch.save(update_fields=["made", "state"])
    request_stickers(
        placements, batch.asked_by, size=StickerFormat(batch.size), job="make_codes", batch=batch
    )
    if batch.state != CodeBatch.State.READY:
        after_commit("campaigns.make_codes", queue=Queue.LONG, batch_id=batch.pk)


def _new_placements(batch: CodeBatch, number: int) -> Sequence[Placement]:
    """Codes with consecutive titles, in one statement; drawn anew in the rare case that one exists already."""
    branch = branch_of(batch.edition, batch.province)
    for _ in range(TRIES):
        rows = [
            Placement(
                code=new_placement_code(),
                kind=batch.kind,
                title=f"{batch.title} {persian_digits(batch.made + step)}",
                province_id=batch.province_id,
                county_id=batch.county_id,
                edition_id=batch.edition_id,
                branch=branch,
                fund_id=batch.fund_id,
                created_by_id=batch.asked_by_id,
                batch=batch,
            )
            for step in range(1, number + 1)
        ]
        try:
            with transaction.atomic():
                return Placement.objects.bulk_create(rows)
        except IntegrityError as error:
            if "campaigns_placement_code" not in str(error):
                raise
    raise DomainError("no_free_code")
