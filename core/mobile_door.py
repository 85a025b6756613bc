"""Entering a room by a code sent to a mobile: for donors and volunteers, who have no account.

Whether a number is known to any room is neither asked nor told here: every number gets the same answer. Codes and
tokens are stored as keyed hashes; a visit belongs to one door and has nothing to do with the sign-in of staff.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from core import audit, sms
from core.codes import new_url_token
from core.crypto import keyed_hash
from core.errors import DomainError
from core.limits import source_of
from core.models import Door, MobileCode, MobileVisit
from core.phrases import DOOR_SMS
from core.text import ascii_digits, isolate_ltr, normalise

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=3)
MOST_TRIES = 4  # of one code
MOST_CODES, CODES_WITHIN = 8, timedelta(hours=3)  # of one number
MOST_OF_ONE_ADDRESS = 4  # of them: nobody uses up another's codes from where they are
MOST_OF_ADDRESS, ADDRESS_SECONDS = 60, 600  # many telephones share the address of their operator
MOST_WRONG_OF_ADDRESS = 60
VISIT_LIVES = {Door.ME: timedelta(minutes=30), Door.JOIN: timedelta(hours=2)}
JOB = "mobile_door"

# One row a number: its codes are counted from the first of CODES_WITHIN, and one too many changes nothing.
_ASK = """
    INSERT INTO core_mobilecode AS c
           (mobile_hash, mobile, door, token_hash, code_hash, asked_at, tries, counted_from, asked)
    VALUES (%(mobile_hash)s, %(mobile)s, %(door)s, %(token_hash)s, %(code_hash)s, %(now)s, 0, %(now)s, 1)
    ON CONFLICT (mobile_hash) DO UPDATE
       SET door = excluded.door, token_hash = excluded.token_hash, code_hash = excluded.code_hash,
           asked_at = excluded.asked_at, tries = 0,
           asked = CASE WHEN excluded.asked_at - c.counted_from >= %(within)s THEN 1 ELSE c.asked + 1 END,
           counted_from = CASE WHEN excluded.asked_at - c.counted_from >= %(within)s THEN excluded.asked_at
                               ELSE c.counted_from END
     WHERE c.asked < %(most)s OR excluded.asked_at - c.counted_from >= %(within)s
"""


def ask_code(mobile: str, door: Door, *, address: str, now: datetime | None = None) -> str:
    """Send a code to `mobile` (+989…); gives the token that must come back with it. An earlier code is dead.

    DomainError too_many_sms_codes (429) for a number or an address that asks too often, or an address that asks for
    this number too often. Locks the number's row.
    """
    now = now or timezone.now()
    mobile_hash, token = keyed_hash(mobile, "mobile"), new_url_token()
    _count_asked(mobile_hash, address)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    token_hash = _hash_of(token, door)
    with transaction.atomic(), connection.cursor() as cursor:
        values = {
            "mobile_hash": mobile_hash,
            "mobile": MobileCode._meta.get_field("mobile").get_prep_value(mobile),
            "door": str(door),
            "token_hash": token_hash,
            "code_hash": keyed_hash(f"{token}:{code}", "door_code"),
            "now": now,
            "within": CODES_WITHIN,
            "most": MOST_CODES,
        }
        cursor.execute(_ASK, values)
        if not cursor.rowcount:
            raise DomainError("too_many_sms_codes", status=429)
        sms.queue(mobile, str(DOOR_SMS).format(code=isolate_ltr(code)), purpose="code")
    return token


def enter(token: str, typed: str, door: Door, *, address: str, now: datetime | None = None) -> str:
    """The token of a new visit for the right code, once. The row of the number is locked while it is compared.

    DomainError sms_code_wrong (another try is left), sms_code_over (too old, used, replaced or tried too often) or
    too_many_sms_codes (429: this address was wrong too often). A wrong try is counted whatever happens next.
    """
    now = now or timezone.now()
    if _counted("door-wrong", address) >= MOST_WRONG_OF_ADDRESS:
        raise DomainError("too_many_sms_codes", status=429)
    with transaction.atomic():
        row = MobileCode.objects.select_for_update().filter(token_hash=_hash_of(token, door)).first()
        is_live = bool(row and row.code_hash and row.tries < MOST_TRIES and now - row.asked_at < CODE_LIVES)
        is_right = is_live and constant_time_compare(
            row.code_hash, keyed_hash(f"{token}:{_digits(typed)}", "door_code")
        )
        if is_live and not is_right:
            row.tries += 1
            row.save(update_fields=["tries"])
        if is_right:
            row.code_hash = ""
            row.save(update_fields=["code_hash"])
            return _open_visit(row, door, now)
        is_over = not is_live or row.tries >= MOST_TRIES
    cache.count({_key("door-wrong", address): 1}, ADDRESS_SECONDS)
    raise DomainError("sms_code_over" if is_over else "sms_code_wrong")


def visit_of(token: str, door: Door, *, now: datetime | None = None) -> MobileVisit | None:
    """The visit that this cookie stands for, while it lasts (one query)."""
    if not token or len(token) > 64:
        return None
    found = MobileVisit.objects.filter(token_hash=_hash_of(token, door), door=door)
    return found.filter(ends_at__gt=now or timezone.now()).first()


def leave(visit: MobileVisit) -> None:
    """End a visit; repeatable."""
    with transaction.atomic():
        audit.record("mobile_door.leave", visit, job=JOB, door=visit.door)
        visit.delete()


def forget_number(mobile_hash: str) -> None:
    """End every visit of a number and drop its messages, which hold the number. The row that counts its codes goes
    by itself within a day: were it dropped here, asking to be forgotten would open the door to more guesses."""
    MobileVisit.objects.filter(mobile_hash=mobile_hash).delete()
    sms.forget_number(mobile_hash)


def forget_doors(now: datetime | None = None) -> int:
    """Drop visits that have ended and codes whose counting has ended; gives how many rows."""
    now = now or timezone.now()
    visits, _ = MobileVisit.objects.filter(ends_at__lt=now).delete()
    codes, _ = MobileCode.objects.filter(asked_at__lt=now - CODES_WITHIN).delete()
    return visits + codes


def _open_visit(row: MobileCode, door: Door, now: datetime) -> str:
    token = new_url_token()
    visit = MobileVisit.objects.create(
        token_hash=_hash_of(token, door),
        mobile_hash=row.mobile_hash,
        mobile=row.mobile,
        door=door,
        began_at=now,
        ends_at=now + VISIT_LIVES[door],
    )
    audit.record("mobile_door.enter", visit, job=JOB, door=door)
    return token


def _hash_of(token: str, door: Door) -> str:
    return keyed_hash(f"{door}:{token}", "door_token")


def _digits(typed: str) -> str:
    return re.sub(r"[^0-9]", "", ascii_digits(normalise(typed[:64])))


def _key(name: str, address: str) -> str:
    return f"{name}:{keyed_hash(source_of(address), 'source')[:24]}"


def _counted(name: str, address: str) -> int:
    return int(cache.get(_key(name, address)) or 0)


def _count_asked(mobile_hash: str, address: str) -> None:
    """Count that an address asks, and that it asks for this number."""
    any_number, this_number = _key("door-asked", address), _key(f"door-asked-{mobile_hash[:16]}", address)
    counts = cache.get_many((any_number, this_number))
    if (
        int(counts.get(any_number) or 0) >= MOST_OF_ADDRESS
        or int(counts.get(this_number) or 0) >= MOST_OF_ONE_ADDRESS
    ):
        raise DomainError("too_many_sms_codes", status=429)
    lasts = {any_number: ADDRESS_SECONDS, this_number: int(CODES_WITHIN.total_seconds())}
    cache.count(dict.fromkeys(lasts, 1), lasts)
