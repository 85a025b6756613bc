"""Gifts at an office's counter: taken once, numbered without a gap, booked with their receipt in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import Channel, Edition
from campaigns.selectors import Designation, designate
from core import audit
from core.crypto import keyed_hash
from core.errors import DomainError
from core.jalali import tehran_day, to_jalali
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from donations.services.arrived import ArrivedGift
from ledger.accounts import ANEW, cash_code, ensure_account
from ledger.enums import AccountType
from payments import counter_phrases
from payments.counter_selectors import pos_account_code
from payments.enums import ChequeState, CounterState, CounterWay
from payments.models import CardSlip, Cheque, CounterGift, CounterNumber
from payments.services.arrivals import NewArrival, book_arrivals
from provinces.models import Office
from provinces.scoping import all_provinces, check_write

LEAST_RIAL, MOST_RIAL = 10_000, 10**12
ANY_PLACE = "a counter takes gifts for any place"


@dataclass(frozen=True)
class ChequeFacts:
    """A cheque as it lies on the counter; `number` is its 16-digit Sayad identifier or the number printed on it."""

    number: str
    bank: str
    due_on: date


@dataclass(frozen=True)
class SlipFacts:
    """The slip of the office's card reader."""

    terminal_code: str
    rrn: str
    trace_no: str
    paid_on: date


@dataclass(frozen=True)
class CounterWish:
    """What the clerk wrote and confirmed. Whole rials; province and county "" mean the whole country; mobile is
    +989… or empty. A cheque comes with `cheque`, a card slip with `slip`."""

    way: CounterWay
    amount_rial: int
    fund: str
    province: str = ""
    county: str = ""
    campaign: str = ""
    name: str = ""
    mobile: str = ""
    cheque: ChequeFacts | None = None
    slip: SlipFacts | None = None
    is_demo: bool = False


@transaction.atomic
def take_gift(
    office: Office, wish: CounterWish, *, key: UUID, actor: User, at: datetime | None = None
) -> CounterGift:
    """Write a gift down and, unless it is a cheque, book it with its number and receipt.

    Safe to repeat and to race: the same `key` gives the same gift; with other facts DomainError
    idempotency_conflict (409). DomainError: not_found (an office outside the open scope), amount_too_small,
    amount_too_large, slip_used, cheque_used, and those of `campaigns.selectors.designate`. Audited.
    """
    check_write(office.province_id, office.county_id)
    body_hash = keyed_hash(json.dumps([office.pk, asdict(wish)], default=str, sort_keys=True), "counter")
    if known := _known(key, body_hash):
        return known
    _check(wish)
    at = at or timezone.now()
    gift = _new_gift(office, wish, key, body_hash, actor, at)
    try:
        with transaction.atomic():
            gift.save(force_insert=True)
    except IntegrityError:  # the other tab was quicker and has just committed
        if known := _known(key, body_hash):
            return known
        raise DomainError("not_found", status=404) from None
    _keep_paper(gift, wish)
    audit.record(
        "counter.take",
        gift,
        actor=actor,
        province_code=office.province_id,
        amount_rial=gift.amount_rial,
        way=gift.way,
    )
    if gift.way == CounterWay.CHEQUE:
        tell_donor(gift, "cheque_taken")
    else:
        book(gift, at=at)
    return gift


def _known(key: UUID, body_hash: str) -> CounterGift | None:
    gift = CounterGift.objects.filter(key=key).first()
    if gift is not None and gift.body_hash != body_hash:
        raise DomainError("idempotency_conflict", status=409, gift=gift.pk)
    return gift


def _check(wish: CounterWish) -> None:
    if wish.amount_rial < LEAST_RIAL:
        raise DomainError("amount_too_small", field="amount", minimum_rial=LEAST_RIAL)
    if wish.amount_rial > MOST_RIAL:
        raise DomainError("amount_too_large", field="amount", maximum_rial=MOST_RIAL)
    if (wish.way == CounterWay.CHEQUE) != (wish.cheque is not None):
        raise ValueError("a cheque comes with its facts, and only a cheque does")
    if (wish.way == CounterWay.POS) != (wish.slip is not None):
        raise ValueError("a card payment comes with its slip, and only a card payment does")


def _new_gift(office, wish: CounterWish, key: UUID, body_hash: str, actor: User, at: datetime) -> CounterGift:
    target = target_of(wish.way, wish.fund, wish.province, wish.county, wish.campaign)
    return CounterGift(
        key=key,
        body_hash=body_hash,
        office=office,
        way=wish.way,
        amount_rial=wish.amount_rial,
        fund=target.fund,
        province=target.province,
        county=target.county,
        edition=target.edition,
        donor_name=normalise(wish.name)[:80],
        mobile=wish.mobile,
        taken_by=actor,
        taken_at=at,
        taken_on=tehran_day(at),
        is_demo=wish.is_demo,
    )


def target_of(
    way: str, fund: str, province: str, county: str, campaign: str = "", edition: Edition | None = None
) -> Designation:
    """What a gift of the counter is for; DomainError as `campaigns.selectors.designate`."""
    with all_provinces(ANY_PLACE):
        channel = Channel.objects.get(code=f"counter_{way}")
        return designate(
            fund=fund,
            province=province,
            county=county,
            campaign=campaign,
            recorded_edition=edition,
            channel=channel,
        )


def _keep_paper(gift: CounterGift, wish: CounterWish) -> None:
    """The cheque or the slip, which the database takes once."""
    if wish.cheque is not None:
        with _once("cheque_used", "cheque_number"):
            facts = wish.cheque
            Cheque.objects.create(
                gift=gift, number=facts.number, bank=normalise(facts.bank)[:60], due_on=facts.due_on
            )
    if wish.slip is not None:
        _keep_slip(gift, wish.slip)


def _keep_slip(gift: CounterGift, slip: SlipFacts) -> None:
    with _once("slip_used", "rrn"):
        CardSlip.objects.create(gift=gift, **asdict(slip))


@contextmanager
def _once(code: str, field: str) -> Iterator[None]:
    """Around a statement that the database refuses when the paper was used before."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise DomainError(code, status=409, field=field) from error


def write_anew(
    gift: CounterGift, *, fund: str, province: str, county: str, actor: User, at: datetime
) -> CounterGift:
    """A gift of which only the purpose was wrong, as a gift of its own: number, receipt, paper and count are the new
    one's. Joins the caller's transaction, in which the old one is cancelled and its paper is free.

    DomainError: slip_used, cheque_used, and those of `campaigns.selectors.designate`.
    """
    target, count = target_of(gift.way, fund, province, county, edition=gift.edition), gift.count
    new = CounterGift(
        key=uuid4(), body_hash="", office=gift.office, way=gift.way, amount_rial=gift.amount_rial, fund=target.fund,
        province=target.province, county=target.county, edition=target.edition, donor_name=gift.donor_name,
        mobile=gift.mobile, taken_by=actor, taken_at=at, taken_on=tehran_day(at), is_demo=gift.is_demo,
    )  # fmt: skip
    new.save(force_insert=True)
    if gift.way == CounterWay.CHEQUE:
        _hand_cheque_over(gift, new)
    if gift.way == CounterWay.POS:
        old = gift.slip
        _keep_slip(new, SlipFacts(old.terminal_code, old.rrn, old.trace_no, old.paid_on))
    with all_provinces(ANY_PLACE):
        lies_on = money_account(gift)
    book(new, at=at, lies_on=lies_on)
    gift.count, new.count = None, count
    gift.save(update_fields=["count"])
    new.save(update_fields=["count"])
    return new


def money_account(gift: CounterGift) -> str:
    """The account that holds a booked gift's money, also where the gift was written anew out of another."""
    arrival = gift.donation.arrival
    return arrival.evidence.get("money") or arrival.account


def _hand_cheque_over(gift: CounterGift, new: CounterGift) -> None:
    old = gift.cheque
    deposit, old.deposit, old.state = old.deposit, None, ChequeState.RETURNED
    old.reason = old.reason or counter_phrases.WRITTEN_ANEW
    old.save(update_fields=["deposit", "state", "reason"])
    Cheque.objects.create(
        gift=new, number=old.number, bank=old.bank, due_on=old.due_on, state=ChequeState.CASHED, deposit=deposit,
        decided_by=old.decided_by, decided_at=old.decided_at,
    )  # fmt: skip


def book(gift: CounterGift, *, at: datetime, lies_on: str = "") -> None:
    """Give a locked or new gift its number and book it, in the caller's transaction. `lies_on` names the account on
    which its money lies already, out of a gift that is cancelled with this booking.

    Waits for other bookings of the same office; rolled back, it leaves no gap.
    """
    province, county = gift.province_id or "", gift.county_id or ""
    target = target_of(gift.way, gift.fund_id, province, county, edition=gift.edition)
    number = _next_number(gift.office, to_jalali(tehran_day(at)).year)
    number.gift = gift
    number.save(force_insert=True)
    account = anew_account() if lies_on else _account(gift)
    evidence = _evidence(gift) | ({"money": lies_on} if lies_on else {})
    with all_provinces(ANY_PLACE):
        booked = book_arrivals(
            [NewArrival(number.source, account, _arrived(gift, target, number, at), evidence)],
            recorded_by=gift.taken_by,
        )
    gift.donation_id, gift.state, gift.booked_at = booked[number.source], CounterState.BOOKED, at
    gift.save(update_fields=["donation", "state", "booked_at"])


def _next_number(office: Office, year: int) -> CounterNumber:
    """The office's next number of the year; its book stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO payments_counterbook (office_id, year, last_number) VALUES (%s, %s, 1)
               ON CONFLICT (office_id, year) DO UPDATE SET last_number = payments_counterbook.last_number + 1
               RETURNING last_number""",
            [office.pk, year],
        )
        return CounterNumber(office=office, year=year, number=cursor.fetchone()[0])


def _arrived(gift: CounterGift, target: Designation, number: CounterNumber, at: datetime) -> ArrivedGift:
    return ArrivedGift(
        amount_rial=gift.amount_rial,
        target=target,
        at=at,
        reference=_reference(gift),
        name=gift.donor_name,
        mobile=gift.mobile,
        is_anonymous=not gift.donor_name,
        is_demo=gift.is_demo,
        serial=number.serial,
        office=gift.office,
    )


def _reference(gift: CounterGift) -> str:
    if gift.way == CounterWay.POS:
        return gift.slip.rrn
    return gift.cheque.number if gift.way == CounterWay.CHEQUE else ""


def _evidence(gift: CounterGift) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"way": gift.way, "office": gift.office_id}
    if gift.way == CounterWay.POS:
        facts |= {"terminal": gift.slip.terminal_code, "rrn": gift.slip.rrn, "trace_no": gift.slip.trace_no}
    return facts


def _account(gift: CounterGift) -> str:
    """The account that holds the money; made when the office takes its first gift of this way."""
    if gift.way == CounterWay.POS:
        code = pos_account_code(gift.office, gift.slip.terminal_code)
        name = counter_phrases.POS_ACCOUNT.format(terminal=gift.slip.terminal_code)
    else:
        code, name = cash_code(gift.office_id), counter_phrases.CASH_ACCOUNT.format(office=gift.office.name)
    ensure_account(code, name[:160], AccountType.ASSET)
    return code


def anew_account() -> str:
    """The account over which a gift goes that is written anew: what leaves it and what comes to it are one."""
    ensure_account(ANEW, counter_phrases.ANEW_ACCOUNT, AccountType.LIABILITY)
    return ANEW


def tell_donor(gift: CounterGift, what: str) -> None:
    """Promise the donor's message, in the caller's transaction: cheque_taken, cheque_bounced, cheque_returned or
    cancelled. Who left no number is not told."""
    if gift.mobile and not gift.is_demo:
        after_commit("payments.tell_counter_donor", gift_id=gift.pk, what=what)


def locked_gift(gift_id: int) -> CounterGift:
    """A gift in the open scope, locked with nothing else; DomainError("not_found") otherwise."""
    gift = (
        CounterGift.objects.select_for_update(of=("self",))
        .select_related("office", "edition")
        .filter(pk=gift_id)
        .first()
    )
    if gift is None:
        raise DomainError("not_found", status=404)
    return gift


def void_slip(gift: CounterGift) -> None:
    """Free the slip of a cancelled gift, so that it can be written down rightly."""
    with suppress(CardSlip.DoesNotExist):
        gift.slip.is_void = True
        gift.slip.save(update_fields=["is_void"])
