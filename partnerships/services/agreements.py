"""Memoranda: drafted, signed, run, finished or ended; their items, split by provinces, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.codes import new_placement_code
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from partnerships.agreement_selectors import standings
from partnerships.enums import AgreementState as S
from partnerships.enums import Measure, Purpose
from partnerships.models import Agreement, AgreementFile, AgreementItem, ItemShare, Partner
from partnerships.services import files
from partnerships.services.partners import REFERENCE
from partnerships.states import IN_FORCE, move
from provinces.models import Province
from provinces.scoping import check_write

DIRECTORY = "agreements"


@dataclass(frozen=True)
class AgreementFacts:
    """What is written of a memorandum before it is signed. `value_rial` is the worth of all items together."""

    partner: Partner
    title: str
    number: str = ""
    province: Province | None = None
    ends_on: date | None = None
    value_rial: int | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class ItemFacts:
    """One thing of a memorandum; money in rial and without a unit."""

    title: str
    purpose: Purpose
    target: int
    unit: str = ""
    measure: Measure = Measure.GOODS
    due_on: date | None = None


@transaction.atomic
def draft_agreement(
    facts: AgreementFacts, *, actor: User | None, job: str = "", code: str = "", is_demo: bool = False
) -> Agreement:
    """Begin a memorandum; audited. DomainError: not_found (out of scope), agreement_title_required."""
    checked = _checked(facts)
    agreement = Agreement.objects.create(
        code=code or new_placement_code().lower(), made_by=actor, is_demo=is_demo, **_fields(checked)
    )
    _record("agreement.draft", agreement, actor, job)
    return agreement


@transaction.atomic
def change_agreement(agreement_id: int, facts: AgreementFacts, *, actor: User) -> Agreement:
    """Correct a draft; audited. Locks it. DomainError: those of `draft_agreement`, agreement_is_signed,
    agreement_waits."""
    agreement = locked_draft(agreement_id)
    fields = _fields(_checked(facts))
    changed = [name for name, value in fields.items() if getattr(agreement, name) != value]
    for name in changed:
        setattr(agreement, name, fields[name])
    agreement.save()
    _record("agreement.change", agreement, actor, changed=changed)
    return agreement


@transaction.atomic
def add_item(agreement_id: int, facts: ItemFacts, *, actor: User | None, job: str = "") -> AgreementItem:
    """Add an item to a draft; audited. Locks the draft. DomainError: not_found, agreement_is_signed, agreement_waits,
    agreement_title_required, bad_target, unit_required, item_exists."""
    agreement = locked_draft(agreement_id)
    title, unit = normalise(facts.title)[:120], normalise(facts.unit)[:20]
    if not title:
        raise DomainError("agreement_title_required", field="title")
    if facts.target <= 0:
        raise DomainError("bad_target", field="target")
    if facts.measure == Measure.GOODS and not unit:
        raise DomainError("unit_required", field="unit")
    try:
        with transaction.atomic():
            item = AgreementItem.objects.create(
                agreement=agreement,
                position=agreement.items.count() + 1,
                title=title,
                purpose=facts.purpose,
                measure=facts.measure,
                unit=unit if facts.measure == Measure.GOODS else "",
                target=facts.target,
                due_on=facts.due_on,
            )
    except IntegrityError as error:
        raise DomainError("item_exists", field="title") from error
    _record("agreement.add_item", agreement, actor, job, item=item.pk, target=item.target)
    return item


@transaction.atomic
def remove_item(item_id: int, *, actor: User) -> None:
    """Take an item out of a draft; audited. DomainError: not_found, agreement_is_signed, agreement_waits."""
    item = AgreementItem.objects.filter(pk=item_id).first()
    if item is None:
        raise DomainError("not_found", status=404)
    agreement = locked_draft(item.agreement_id)
    item.shares.all().delete()
    item.delete()
    _record("agreement.remove_item", agreement, actor, item=item_id)


@transaction.atomic
def split_item(
    item_id: int, quantities: Mapping[str, int], *, actor: User | None, job: str = ""
) -> list[ItemShare]:
    """Say how much of an item falls to which province (code → quantity; zero takes a share away; provinces that are
    not named stay). The sum may stay below the item, never above. Locks the item; audited.

    DomainError: not_found, agreement_is_over, bad_target, share_too_large, share_is_promised (a province has promised
    more of it in detail).
    """
    item = AgreementItem.objects.select_for_update(of=("self",)).filter(pk=item_id).first()
    if item is None:
        raise DomainError("not_found", status=404)
    agreement = locked_agreement(item.agreement_id, S.DRAFT, *IN_FORCE)
    if any(quantity < 0 for quantity in quantities.values()):
        raise DomainError("bad_target", field="quantity")
    try:
        with transaction.atomic():
            gone = [code for code, quantity in quantities.items() if not quantity]
            ItemShare.objects.filter(item=item, province__in=gone).delete()
            rows = [(code, quantity) for code, quantity in sorted(quantities.items()) if quantity]
            smaller_first = sorted(rows, key=lambda row: row[1] - _share_of(item, row[0]))
            for code, quantity in smaller_first:
                ItemShare.objects.update_or_create(
                    item=item, province_id=code, defaults={"quantity": quantity}
                )
    except IntegrityError as error:
        code = "share_is_promised" if "is promised" in str(error) else "share_too_large"
        raise DomainError(code, field="quantity", status=409) from error
    _record("agreement.split", agreement, actor, job, item=item.pk, shares=dict(quantities))
    return list(item.shares.select_related("province"))


def _share_of(item: AgreementItem, province: str) -> int:
    return (
        ItemShare.objects.filter(item=item, province=province).values_list("quantity", flat=True).first() or 0
    )


@transaction.atomic
def record_signing(agreement_id: int, *, signed_on: date, actor: User) -> Agreement:
    """One person says that it was signed; until a second one confirms it, it stays a draft whose terms nobody changes.
    Locks it; audited. DomainError: not_found, agreement_is_signed, agreement_waits, agreement_is_empty, day_to_come."""
    agreement = _draft_to_sign(agreement_id, signed_on)
    agreement.signed_on, agreement.signing_by, agreement.signing_at = signed_on, actor, timezone.now()
    agreement.save()
    _record("agreement.record_signing", agreement, actor, signed_on=signed_on.isoformat())
    return agreement


@transaction.atomic
def confirm_signing(agreement_id: int, *, actor: User) -> Agreement:
    """A second person confirms that it was signed: from now on its terms stay as they are (the database sees to both).
    Locks it; audited. DomainError: not_found, agreement_is_signed, nothing_to_confirm, own_signing."""
    agreement = locked_agreement(agreement_id, S.DRAFT)
    if agreement.signing_by_id is None:
        raise DomainError("nothing_to_confirm", status=409)
    if agreement.signing_by_id == actor.pk:
        raise DomainError("own_signing")
    agreement.signed_by, agreement.signed_at = actor, timezone.now()
    return _moved(agreement, S.SIGNED, "agreement.sign", actor, "", signed_on=agreement.signed_on.isoformat())


@transaction.atomic
def send_signing_back(agreement_id: int, *, reason: str, actor: User) -> Agreement:
    """It is a draft again that may be corrected: somebody refused to confirm, or whoever wrote it down took it back.
    Locks it; audited. DomainError: not_found, agreement_is_signed, nothing_to_confirm, reason_required."""
    agreement = locked_agreement(agreement_id, S.DRAFT)
    if agreement.signing_by_id is None:
        raise DomainError("nothing_to_confirm", status=409)
    if not normalise(reason):
        raise DomainError("reason_required", field="reason")
    agreement.signed_on = agreement.signing_by = agreement.signing_at = None
    agreement.save()
    _record("agreement.send_back", agreement, actor, "", normalise(reason)[:300])
    return agreement


@transaction.atomic
def sign_by_job(agreement_id: int, *, signed_on: date, job: str) -> Agreement:
    """A memorandum that comes with the portal (a public fact, or of the demo) is signed; nobody's word is needed, and
    the database lets none that a person drafted be signed this way. DomainError: those of `record_signing`."""
    agreement = _draft_to_sign(agreement_id, signed_on)
    agreement.signed_on = signed_on
    return _moved(agreement, S.SIGNED, "agreement.sign", None, job, signed_on=signed_on.isoformat())


def _draft_to_sign(agreement_id: int, signed_on: date) -> Agreement:
    agreement = locked_draft(agreement_id)
    if signed_on > tehran_today():
        raise DomainError("day_to_come", field="signed_on")
    if not agreement.items.exists():
        raise DomainError("agreement_is_empty")
    return agreement


@transaction.atomic
def start_agreement(agreement_id: int, *, actor: User | None, job: str = "") -> Agreement:
    """Work on it has begun; audited. DomainError: not_found, agreement_cannot_move."""
    return _moved(locked_agreement(agreement_id), S.RUNNING, "agreement.start", actor, job)


@transaction.atomic
def finish_agreement(agreement_id: int, *, ending: str, actor: User) -> Agreement:
    """All of it has come; audited. DomainError: not_found, agreement_cannot_move, agreement_is_not_done (an item has
    not come in full: then it is ended, with a reason)."""
    agreement = locked_agreement(agreement_id)
    if any(row.left for row in standings([agreement])[agreement.pk]):
        raise DomainError("agreement_is_not_done")
    agreement.ending = normalise(ending)[:500]
    return _moved(agreement, S.FINISHED, "agreement.finish", actor, "")


@transaction.atomic
def end_agreement(agreement_id: int, *, ending: str, actor: User) -> Agreement:
    """It ends before all of it has come; what was promised in detail stays open until it is given up. Audited.
    DomainError: not_found, agreement_cannot_move, reason_required."""
    agreement = locked_agreement(agreement_id)
    agreement.ending = normalise(ending)[:500]
    if not agreement.ending:
        raise DomainError("reason_required", field="ending")
    return _moved(agreement, S.ENDED, "agreement.end", actor, "", reason=agreement.ending)


@transaction.atomic
def add_file(agreement_id: int, *, title: str, file: BinaryIO, actor: User) -> AgreementFile:
    """Keep a copy of what was signed, sealed; audited. DomainError: not_found, agreement_title_required,
    bad_partner_file."""
    agreement = locked_agreement(agreement_id)
    if not normalise(title):
        raise DomainError("agreement_title_required", field="title")
    path, digest = files.store(file, DIRECTORY)
    row = AgreementFile.objects.create(
        agreement=agreement, title=normalise(title)[:120], path=path, digest=digest, added_by=actor
    )
    _record("agreement.add_file", agreement, actor, "", file=row.pk, digest=digest)
    return row


def locked_agreement(agreement_id: int, *states: S) -> Agreement:
    """A memorandum that the open scope may change, in one of these states if any is named, locked. DomainError:
    not_found, agreement_is_signed (a draft was asked for), agreement_is_over."""
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(pk=agreement_id).first()
    if agreement is None:
        raise DomainError("not_found", status=404)
    check_write(agreement.province_id)
    if states and agreement.state not in states:
        raise DomainError("agreement_is_signed" if states == (S.DRAFT,) else "agreement_is_over", status=409)
    return agreement


def locked_draft(agreement_id: int) -> Agreement:
    """A draft of the open scope that may be changed, locked. DomainError: not_found, agreement_is_signed,
    agreement_waits (for a second person to confirm its signing)."""
    agreement = locked_agreement(agreement_id, S.DRAFT)
    if agreement.signing_by_id is not None:
        raise DomainError("agreement_waits", status=409)
    return agreement


def _checked(facts: AgreementFacts) -> AgreementFacts:
    clean = replace(
        facts,
        title=normalise(facts.title)[:160],
        number=normalise(facts.number)[:40],
        note=normalise(facts.note)[:500],
        source=normalise(facts.source)[:200],
    )
    if not clean.title:
        raise DomainError("agreement_title_required", field="title")
    check_write(clean.province and clean.province.pk)
    return clean


def _fields(facts: AgreementFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in AgreementFacts.__dataclass_fields__}


def _moved(
    agreement: Agreement, to: S, action: str, actor: User | None, job: str, reason: str = "", **data
) -> Agreement:
    move(agreement, to)
    agreement.save()
    _record(action, agreement, actor, job, reason, **data)
    return agreement


def _record(
    action: str, agreement: Agreement, actor: User | None, job: str = "", reason: str = "", **data: object
) -> None:
    if job == REFERENCE:  # public facts that come with the portal are nobody's change
        return
    audit.record(
        action, agreement, actor=actor, job=job, province_code=agreement.province_id, reason=reason, **data
    )
