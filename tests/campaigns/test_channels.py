"""Ways to give: two people for every number, a history, and nothing shown that nobody vouches for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from campaigns.channels import (
    Answer,
    Standing,
    answer_about,
    canonical_value,
    looked_after,
    name_without_number,
    parse_number,
    public_channels,
    standing_of,
    with_standing,
)
from campaigns.enums import CheckResult
from campaigns.models import Channel, ChannelCheck
from campaigns.services.channels import (
    correct_channel,
    end_channel,
    note_check,
    propose_channel,
    verify_channel,
)
from campaigns.services.seeding import seed_campaigns
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry
from provinces.enums import Role
from provinces.models import Office
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.channels import CARD, IBAN, OTHER_CARD, USSD, confirmed, proposed, vouch_for
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, person


@pytest.fixture
def country(db):
    with all_provinces("test"):
        yield


@pytest.fixture
def hq(db):
    return person(Role.HQ_MANAGER)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.code


# --- numbers ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("card", "۹۹۹۹ ۹۹۰۰-٠٠٠٠ 0014", CARD),
        ("bank", "ir10 0000 0000 0000 0000 0000 23", IBAN),
        ("bank", "100000000000000000000023", IBAN),
        ("ussd", "#۱*۰۰۰۰*", USSD),
        ("pos", "۱۲۳۴-۵۶۷۸", "12345678"),
        ("pos", "", ""),
        ("app", " ", ""),
    ],
)
def test_a_number_has_one_stored_form(kind, typed, stored):
    assert canonical_value(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("card", "9999990000000015", "bad_card"),
        ("card", "7075-7070-9570-6367", "card_reversed"),
        ("card", "", "bad_card"),
        ("bank", "IR110000000000000000000023", "bad_iban"),
        ("ussd", "733", "bad_ussd"),
        ("pos", "12", "bad_pos"),
        ("app", "12345678", "number_not_asked"),
    ],
)
def test_what_is_no_number_is_refused_at_its_field(kind, typed, code):
    with pytest.raises(DomainError) as caught:
        canonical_value(kind, typed)
    assert (caught.value.code, caught.value.data["field"]) == (code, "value")


@pytest.mark.parametrize("value", ["9999-9900-0000-0014", "999999000000001", "*733*7*9", "IR12"])
def test_the_database_takes_canonical_numbers_only(country, value):
    with pytest.raises(IntegrityError, match="channel_number_is_canonical"), transaction.atomic():
        Channel.objects.create(code="x", kind="card", name="x", value=value)


# --- four eyes -------------------------------------------------------------------------------------------
def test_a_proposal_is_shown_once_headquarters_vouches_for_it(country, hq):
    accountant = person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN)
    office = Office.objects.get(level="province", province=TEHRAN)
    channel = propose_channel(
        kind="card", name="کارت  تهران ", value="۹۹۹۹۹۹۰۰۰۰۰۰۰۰۱۴", office=office, actor=accountant
    )
    assert (channel.name, channel.is_verified, channel.last_checked_on) == ("کارت تهران", False, None)
    shown = public_channels()
    assert channel not in [*shown.verified, *shown.announced]
    verify_channel(channel.pk, actor=hq, note="نامهٔ بانک")
    shown = public_channels()
    assert shown.of_province(TEHRAN) == [channel]
    assert (shown.of_province(ILAM), channel in shown.national()) == ([], False)
    channel.refresh_from_db()
    assert (channel.verified_by, channel.checked_by, channel.last_checked_on) == (hq, hq, tehran_today())
    assert [(c.result, c.by, c.note) for c in channel.checks.all()] == [
        (CheckResult.VERIFIED, hq, "نامهٔ بانک"),
        (CheckResult.PROPOSED, accountant, ""),
    ]
    entry = AuditEntry.objects.get(action="channel.verified", subject_id=str(channel.pk))
    assert (entry.actor, entry.province_code, entry.data["value"]) == (hq, TEHRAN, CARD)


def test_nobody_vouches_for_their_own_proposal_or_correction(country, hq):
    channel = proposed(actor=hq)
    assert refusal(verify_channel, channel.pk, actor=hq) == "own_proposal"
    other = person(Role.HQ_ACCOUNTANT)
    correct_channel(channel.pk, actor=other, name="کارت", value=OTHER_CARD)
    assert refusal(verify_channel, channel.pk, actor=other) == "own_proposal"
    verify_channel(channel.pk, actor=hq)


def test_the_database_itself_refuses_one_pair_of_eyes(country, hq):
    channel = proposed(actor=hq)
    rows = Channel.objects.filter(pk=channel.pk)
    with pytest.raises(IntegrityError, match="channel_four_eyes"), transaction.atomic():
        rows.update(is_verified=True, verified_by=hq, verified_value=CARD, last_checked_on=tehran_today())
    with pytest.raises(IntegrityError, match="verified_number_as_vouched_for"), transaction.atomic():
        rows.update(is_verified=True, last_checked_on=tehran_today())
    with pytest.raises(IntegrityError, match="verified_channel_was_checked"), transaction.atomic():
        rows.update(is_verified=True, verified_by=person(), verified_value=CARD)


def test_a_confirmed_number_cannot_be_exchanged(country):
    channel = confirmed()
    assert (
        refusal(correct_channel, channel.pk, actor=person(), name="x", value=OTHER_CARD)
        == "channel_not_waiting"
    )
    with pytest.raises(IntegrityError, match="verified_number_as_vouched_for"), transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(value=OTHER_CARD)


def test_a_number_is_registered_once_until_it_is_refused(country, hq):
    first = proposed()
    assert refusal(proposed, province=TEHRAN) == "channel_taken"
    end_channel(first.pk, actor=hq, reason="از آنِ ما نیست")
    second = proposed(province=TEHRAN)
    assert refusal(verify_channel, first.pk, actor=hq) == "channel_taken"
    vouch_for(second)


def test_two_who_vouch_at_once_leave_one_confirmation(live_db):
    with all_provinces("test"):
        channel = proposed()
        people = [person(Role.HQ_MANAGER) for _ in range(4)]

    def vouch(actor) -> str:
        try:
            with all_provinces("test"):
                verify_channel(channel.pk, actor=actor)
            return "done"
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(vouch, people))
    assert told == ["channel_not_waiting"] * 3 + ["done"]
    with all_provinces("test"):
        assert ChannelCheck.objects.filter(result=CheckResult.VERIFIED).count() == 1


# --- ending ----------------------------------------------------------------------------------------------
def test_a_withdrawn_number_is_ours_no_longer(country, hq):
    channel = confirmed()
    assert answer_about("card", CARD) == (Answer.OURS, channel)
    assert refusal(end_channel, channel.pk, actor=hq, reason=" ") == "channel_reason_required"
    end_channel(channel.pk, actor=hq, reason="حساب بسته شد")
    shown = public_channels()
    assert channel not in [*shown.verified, *shown.announced]
    assert answer_about("card", CARD) == (Answer.ENDED, None)
    assert channel.checks.first().note == "حساب بسته شد"
    assert AuditEntry.objects.get(action="channel.revoked").reason == "حساب بسته شد"
    assert refusal(end_channel, channel.pk, actor=hq, reason="باز") == "channel_ended"
    assert refusal(note_check, channel.pk, actor=hq) == "channel_not_verified"
    verify_channel(channel.pk, actor=hq, note="اشتباه بود")
    assert answer_about("card", CARD)[0] == Answer.OURS


def test_a_refused_proposal_was_never_ours(country, hq):
    channel = proposed()
    assert answer_about("card", CARD)[0] == Answer.UNVERIFIED
    end_channel(channel.pk, actor=hq, reason="سندی ندارد")
    assert answer_about("card", CARD)[0] == Answer.UNKNOWN


def test_the_days_of_a_channel_are_kept(country):
    today = tehran_today()
    channel = confirmed(valid_from=today, valid_until=today)
    for on, answer in ((-1, Answer.UNVERIFIED), (0, Answer.OURS), (1, Answer.ENDED)):
        day = today + timedelta(days=on)
        assert answer_about("card", CARD, day)[0] == answer
        assert (channel in public_channels(day).verified) is (answer == Answer.OURS)
    assert channel not in public_channels(today + timedelta(days=1)).announced
    assert (
        refusal(proposed, value=OTHER_CARD, valid_from=today, valid_until=today - timedelta(days=1))
        == "days_in_disorder"
    )


# --- looking after ---------------------------------------------------------------------------------------
def test_a_number_nobody_checked_for_thirty_days_is_stale(country, hq):
    today = tehran_today()
    channel = confirmed()
    rows = Channel.objects.filter(pk=channel.pk)
    for days, standing in ((30, Standing.CURRENT), (31, Standing.STALE)):
        rows.update(last_checked_on=today - timedelta(days=days))
        assert standing_of(rows.get()) == standing
    note_check(channel.pk, actor=hq, note="آزموده شد")
    assert standing_of(rows.get()) == Standing.CURRENT
    assert rows.get().checked_by == hq


def test_after_how_many_days_is_a_setting(country, settings):
    channel = confirmed()
    Channel.objects.filter(pk=channel.pk).update(last_checked_on=tehran_today() - timedelta(days=8))
    channel.refresh_from_db()
    assert standing_of(channel) == Standing.CURRENT
    settings.CHANNEL_STALE_AFTER_DAYS = 7
    assert standing_of(channel) == Standing.STALE


def test_the_standing_of_a_row_and_the_condition_agree(country, hq):
    today = tehran_today()
    stale = confirmed("bank")
    Channel.objects.filter(pk=stale.pk).update(last_checked_on=today - timedelta(days=90))
    confirmed("ussd", valid_until=today - timedelta(days=1))
    confirmed("app")
    end_channel(confirmed("card").pk, actor=hq, reason="x")
    end_channel(proposed("card", OTHER_CARD).pk, actor=hq, reason="x")
    proposed("pos")
    found = {}
    for standing in Standing:
        rows = with_standing(looked_after(), standing)
        assert {standing_of(channel) for channel in rows} == {standing}
        found[standing] = rows.count()
    assert sum(found.values()) == looked_after().count()
    assert (found[Standing.STALE], found[Standing.EXPIRED], found[Standing.ENDED]) == (1, 1, 2)


def test_an_office_looks_after_its_own_only(country, hq):
    mine, theirs, national = proposed(province=TEHRAN), proposed("bank", province=KHUZESTAN), proposed("ussd")
    actor = person(Role.PROVINCIAL_MANAGER, TEHRAN)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert list(looked_after()) == [mine]
        for other in (theirs, national):
            for act in (note_check, verify_channel):
                assert refusal(act, other.pk, actor=actor) == "not_found"
        foreign = {"kind": "card", "name": "x", "value": OTHER_CARD, "actor": actor}
        assert refusal(propose_channel, office=theirs.office, **foreign) == "not_found"
        assert refusal(propose_channel, office=None, **foreign) == "not_found"


def test_the_portal_keeps_its_own_kinds(country):
    assert refusal(proposed, "qr", "") == "channel_kind_fixed"


# --- what was announced in 1401 --------------------------------------------------------------------------
def test_seeds_wait_and_are_called_by_names_without_numbers(country):
    shown = public_channels()
    assert {c.code for c in shown.verified} == {"web", "qr"}
    assert {c.announced_year for c in shown.announced} == {1401}
    assert len(shown.announced) == 10
    assert not any(c.is_verified for c in Channel.objects.exclude(value=""))
    for channel in shown.announced:
        assert not any(part in channel.name for part in ("733", "741", "۷۳۳", "۷۴۱", "*"))
    channel = shown.announced[0]
    channel.name = "کد دستوری ستارهٔ ۷۳۳"
    assert name_without_number(channel) == channel.get_kind_display()


def test_seeding_again_takes_nothing_back(country, hq):
    card = Channel.objects.get(code="card_hq")
    verify_channel(card.pk, actor=hq)
    seed_campaigns()
    card.refresh_from_db()
    assert card.is_verified


@pytest.mark.parametrize("typed", ["", "1234", "6037991234567890", "کارت"])
def test_what_is_no_number_is_no_question(typed):
    with pytest.raises(DomainError, match="bad_number"):
        parse_number(typed)
