"""The door that opens by SMS code: for anybody's number alike, once, for a short while, not for guessers."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.utils import timezone

from core import mobile_door, sms
from core.errors import DomainError
from core.mobile_door import (
    MOST_CODES,
    MOST_OF_ONE_ADDRESS,
    MOST_TRIES,
    ask_code,
    enter,
    forget_doors,
    leave,
    visit_of,
)
from core.models import AuditEntry, Door, MobileCode, MobileVisit, OutgoingSms
from core.text import ascii_digits
from tests.threads import close_all

MOBILE, OTHER, HERE = "+989121112233", "+989121112244", "192.0.2.7"


@pytest.fixture(autouse=True)
def _forgotten_counters():
    cache.clear()


def sent_code(mobile: str = MOBILE) -> str:
    texts = [s.text for s in OutgoingSms.objects.filter(purpose="code").order_by("-pk") if s.mobile == mobile]
    return re.search(r"\d{6}", texts[0])[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def test_the_right_code_opens_once(db):
    token = ask_code(MOBILE, Door.ME, address=HERE)
    code = sent_code()
    visit = visit_of(enter(token, f" {code[:3]} {code[3:]} ", Door.ME, address=HERE), Door.ME)
    assert visit.mobile == MOBILE
    assert refusal(enter, token, code, Door.ME, address=HERE) == "sms_code_over"


def test_persian_digits_are_read(db):
    token = ask_code(MOBILE, Door.ME, address=HERE)
    persian = sent_code().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert ascii_digits(persian) != persian
    assert enter(token, persian, Door.ME, address=HERE)


def test_a_new_code_kills_the_old_one(db):
    first = ask_code(MOBILE, Door.ME, address=HERE)
    old = sent_code()
    second = ask_code(MOBILE, Door.ME, address=HERE)
    assert refusal(enter, first, old, Door.ME, address=HERE) == "sms_code_over"
    assert enter(second, sent_code(), Door.ME, address=HERE)


def test_after_some_tries_even_the_right_code_is_dead(db):
    token = ask_code(MOBILE, Door.ME, address=HERE)
    code = sent_code()
    said = [refusal(enter, token, another(code), Door.ME, address=HERE) for _ in range(MOST_TRIES)]
    assert said == ["sms_code_wrong"] * (MOST_TRIES - 1) + ["sms_code_over"]
    assert refusal(enter, token, code, Door.ME, address=HERE) == "sms_code_over"
    assert not MobileVisit.objects.exists()


def test_a_code_ends_after_three_minutes(db):
    token = ask_code(MOBILE, Door.ME, address=HERE)
    late = timezone.now() + mobile_door.CODE_LIVES
    assert refusal(enter, token, sent_code(), Door.ME, address=HERE, now=late) == "sms_code_over"


def test_a_code_without_its_own_token_opens_nothing(db):
    ask_code(MOBILE, Door.ME, address=HERE)
    theirs = sent_code()
    mine = ask_code(OTHER, Door.ME, address=HERE)
    if theirs == sent_code(OTHER):
        theirs = another(theirs)
    assert refusal(enter, mine, theirs, Door.ME, address=HERE) == "sms_code_wrong"
    assert refusal(enter, "x" * 24, theirs, Door.ME, address=HERE) == "sms_code_over"


def test_every_door_has_visits_of_its_own(db):
    token = ask_code(MOBILE, Door.JOIN, address=HERE)
    assert refusal(enter, token, sent_code(), Door.ME, address=HERE) == "sms_code_over"
    visit = enter(token, sent_code(), Door.JOIN, address=HERE)
    assert visit_of(visit, Door.JOIN)
    assert visit_of(visit, Door.ME) is None


def test_a_visit_ends(db):
    token = enter(ask_code(MOBILE, Door.ME, address=HERE), sent_code(), Door.ME, address=HERE)
    later = timezone.now() + mobile_door.VISIT_LIVES[Door.ME] + timedelta(seconds=1)
    assert visit_of(token, Door.ME, now=later) is None
    leave(visit_of(token, Door.ME))
    assert visit_of(token, Door.ME) is None


def test_a_number_is_not_asked_for_without_end(db):
    for number in range(MOST_CODES):
        ask_code(MOBILE, Door.ME, address=f"192.0.2.{number}")
    assert refusal(ask_code, MOBILE, Door.JOIN, address="198.51.100.1") == "too_many_sms_codes"
    assert OutgoingSms.objects.count() == MOST_CODES
    assert ask_code(OTHER, Door.ME, address=HERE)
    later = timezone.now() + mobile_door.CODES_WITHIN
    assert ask_code(MOBILE, Door.ME, address=HERE, now=later)


def test_nobody_uses_up_anothers_codes_from_one_address(db):
    for _ in range(MOST_OF_ONE_ADDRESS):
        ask_code(MOBILE, Door.ME, address=HERE)
    assert refusal(ask_code, MOBILE, Door.ME, address=HERE) == "too_many_sms_codes"
    assert ask_code(OTHER, Door.ME, address=HERE)
    token = ask_code(MOBILE, Door.ME, address="198.51.100.1")
    assert enter(token, sent_code(), Door.ME, address="198.51.100.1")


def test_an_address_is_not_asking_without_end(db, monkeypatch):
    monkeypatch.setattr(mobile_door, "MOST_OF_ADDRESS", 2)
    for number in range(2):
        ask_code(f"+98912111220{number}", Door.ME, address=HERE)
    assert refusal(ask_code, MOBILE, Door.ME, address=HERE) == "too_many_sms_codes"
    assert ask_code(MOBILE, Door.ME, address="198.51.100.1")


def test_an_address_that_guesses_waits(db, monkeypatch):
    monkeypatch.setattr(mobile_door, "MOST_WRONG_OF_ADDRESS", 1)
    token = ask_code(MOBILE, Door.ME, address=HERE)
    code = sent_code()
    assert refusal(enter, token, another(code), Door.ME, address=HERE) == "sms_code_wrong"
    assert refusal(enter, token, code, Door.ME, address=HERE) == "too_many_sms_codes"
    assert enter(token, code, Door.ME, address="198.51.100.1")


def test_neither_code_nor_number_lies_in_the_open(db):
    token = enter(ask_code(MOBILE, Door.ME, address=HERE), sent_code(), Door.ME, address=HERE)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM core_mobilecode c")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(v)::text FROM core_mobilevisit v")
        rows += cursor.fetchall()
    for secret in (sent_code(), token, "9121112233"):
        assert secret not in str(rows)
    entry = AuditEntry.objects.get(action="mobile_door.enter")
    assert entry.data == {"door": "me"}


def test_outside_the_demo_a_sent_code_is_not_kept(db, settings):
    settings.DEMO = False
    ask_code(MOBILE, Door.ME, address=HERE)
    sms.queue(MOBILE, "رسید", purpose="receipt")
    assert sms.send_due() == 2
    assert dict(OutgoingSms.objects.values_list("purpose", "text")) == {"code": "", "receipt": "رسید"}


def test_what_has_ended_is_dropped(db):
    enter(ask_code(MOBILE, Door.ME, address=HERE), sent_code(), Door.ME, address=HERE)
    assert forget_doors() == 0
    assert forget_doors(timezone.now() + timedelta(days=1)) == 2
    assert not MobileCode.objects.exists()


def test_of_many_at_once_one_gets_in(live_db, django_db_blocker):
    together = Barrier(4)

    def come(_):
        together.wait()
        try:
            return bool(enter(token, code, Door.ME, address=HERE))
        except DomainError as error:
            return error.code
        finally:
            close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        token = ask_code(MOBILE, Door.ME, address=HERE)
        code = sent_code()
        came = list(pool.map(come, range(4)))
        assert sorted(map(str, came)) == ["True"] + ["sms_code_over"] * 3
        assert MobileVisit.objects.count() == 1
