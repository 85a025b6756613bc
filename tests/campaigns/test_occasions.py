"""The calendar of occasions: confirmed by people, followed by seasons, and what opens and closes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from campaigns.enums import Anchor, CampaignState, OccasionActKind
from campaigns.models import Edition, Occasion, OccasionAct
from campaigns.occasions import coming_occasions, day_of, due_acts, occasion_of_days, reminders_for
from campaigns.services.editions import (
    EditionFacts,
    approve_edition,
    create_campaign,
    create_edition,
    open_edition,
    propose_edition,
)
from campaigns.services.occasion_acts import apply_due_acts, drop_act, order_act, settle_reminder
from campaigns.services.occasions import (
    OccasionFacts,
    add_occasion,
    confirm_occasion,
    estimate_occasion,
    take_calendar,
)
from campaigns.services.seeding import seed_campaigns
from core.errors import DomainError
from core.jalali import day_bounds, iso_jalali, parse_jalali, tehran_today
from core.models import AuditEntry
from provinces.enums import Role
from tests.factories.people import browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")
K = OccasionActKind


@pytest.fixture
def actor(db):
    return person(Role.HQ_MANAGER)


@pytest.fixture
def eid(db) -> Occasion:
    return Occasion.objects.get(code="eid_fitr", hijri_year=1448)


@pytest.fixture
def ramadan(db) -> Occasion:
    return Occasion.objects.get(code="ramadan", hijri_year=1448)


def confirm(occasion: Occasion, start: str, actor, end: str = "") -> Occasion:
    days = {"starts_on": parse_jalali(start), "ends_on": parse_jalali(end or start)}
    return confirm_occasion(occasion.pk, **days, source="اعلام رسمی", actor=actor)


def days_of(occasion: Occasion) -> tuple[str, str]:
    occasion.refresh_from_db()
    return iso_jalali(occasion.starts_on), iso_jalali(occasion.ends_on)


def test_two_eids_of_1405_stand_side_by_side(actor, eid):
    eids = Occasion.objects.filter(code="eid_fitr", jalali_year=1405).order_by("starts_on")
    assert [(o.hijri_year, iso_jalali(o.starts_on)) for o in eids] == [
        (1447, "1405-01-01"),
        (1448, "1405-12-19"),
    ]
    confirm(eid, "1405-12-20", actor)
    first = Occasion.objects.get(code="eid_fitr", hijri_year=1447)
    assert (days_of(first), days_of(eid)) == (("1405-01-01",) * 2, ("1405-12-20",) * 2)


def test_the_first_eid_may_move_to_the_year_before(actor):
    """Eid 1447 fell on 1 Farvardin 1405; a calendar had 29 Esfand 1404. One row, whatever its Jalali year."""
    first = Occasion.objects.get(code="eid_fitr", hijri_year=1447)
    confirm(first, "1404-12-29", actor)
    first.refresh_from_db()
    assert first.jalali_year == 1404
    count = Occasion.objects.count()
    seed_campaigns()
    assert Occasion.objects.count() == count
    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.create(
            code="eid_fitr", name="x", hijri_year=1447, jalali_year=1405,
            starts_on=first.starts_on, ends_on=first.ends_on,
        )  # fmt: skip


def test_confirming_the_eid_ends_its_ramadan_and_moves_the_season(actor, eid, ramadan):
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", year=1448)
    confirm(ramadan, "1405-11-20", actor, "1405-12-18")
    confirm(eid, "1405-12-20", actor)
    assert days_of(ramadan) == ("1405-11-20", "1405-12-19")
    edition.refresh_from_db()
    season = iso_jalali(edition.season_starts_on), iso_jalali(edition.season_ends_on)
    assert season == ("1405-11-20", "1405-12-20")
    steps = list(
        AuditEntry.objects.filter(subject_type="campaigns.occasion").values_list("action", flat=True)
    )
    assert steps.count("occasion.confirmed") == 2
    assert "occasion.ended_by_eid" in steps


@pytest.mark.parametrize(
    ("start", "end", "source", "code"),
    [
        ("1405-12-19", "1405-12-19", " ", "occasion_source_required"),
        ("1405-12-19", "1405-12-18", "x", "occasion_days_in_disorder"),
        ("1405-12-19", "1406-12-18", "x", "occasion_days_in_disorder"),
    ],
)
def test_a_confirmation_that_is_none(start, end, source, code, eid, actor):
    days = {"starts_on": parse_jalali(start), "ends_on": parse_jalali(end)}
    with pytest.raises(DomainError, match=code):
        confirm_occasion(eid.pk, **days, source=source, actor=actor)
    eid.refresh_from_db()
    assert not eid.is_confirmed


def test_no_season_is_turned_round(eid, actor):
    with pytest.raises(DomainError, match="occasion_turns_season"):
        confirm(eid, "1405-11-01", actor)
    assert days_of(eid)[0] == "1405-12-19"


def test_back_to_an_estimate_needs_a_reason(eid, actor):
    confirm(eid, "1405-12-20", actor)
    days = {"starts_on": eid.starts_on, "ends_on": eid.ends_on}
    with pytest.raises(DomainError, match="occasion_reason_required"):
        estimate_occasion(eid.pk, **days, reason="", actor=actor)
    estimate_occasion(eid.pk, **days, reason="خبر نادرست بود", actor=actor)
    eid.refresh_from_db()
    assert (eid.is_confirmed, eid.confirmed_by) == (False, "")


def test_the_strip_comes_as_many_days_before_as_the_row_says(eid):
    Occasion.objects.exclude(pk=eid.pk).update(is_public=False)
    for before, shown in ((22, None), (21, eid), (0, eid), (-1, None)):
        day = eid.starts_on - timedelta(days=before)
        assert occasion_of_days(coming_occasions(day), day) == shown
    Occasion.objects.update(is_public=False)
    assert coming_occasions(eid.starts_on) == []


# --- what opens and closes ---------------------------------------------------------------------------------
@pytest.fixture
def draft(actor) -> Edition:
    """An edition of next season that nobody has approved."""
    campaign = create_campaign(slug="eid", name="عید", summary="", scope="national", actor=actor)
    facts = EditionFacts(title="عید ۱۴۴۸", fund="general", goal_rial=10**9, story="شرح")
    return create_edition(campaign, facts, year_kind="hijri", year=1448, actor=actor)


@pytest.fixture
def approved(draft) -> Edition:
    return approve(draft)


def approve(edition: Edition) -> Edition:
    propose_edition(edition.pk, actor=person(Role.HQ_ANALYST))
    return approve_edition(edition.pk, actor=person(Role.HQ_MANAGER))


def state(edition: Edition) -> str:
    edition.refresh_from_db()
    return edition.state


def at(day):
    return day_bounds(day)[0] + timedelta(hours=1)


def test_an_edition_opens_on_its_day_once_and_only_after_confirmation(approved, eid, actor):
    act = order_act(
        eid, kind=K.OPEN_EDITION, anchor=Anchor.START, offset_days=-2, edition=approved, actor=actor
    )
    day = eid.starts_on - timedelta(days=2)
    assert apply_due_acts(at(eid.starts_on)) == 0, "the date is only estimated"
    confirm(eid, iso_jalali(eid.starts_on), actor)
    assert apply_due_acts(at(day) - timedelta(hours=2)) == 0
    assert state(approved) == CampaignState.APPROVED
    assert apply_due_acts(at(day)) == 1
    assert state(approved) == CampaignState.OPEN
    assert apply_due_acts(at(day)) == 0
    assert AuditEntry.objects.filter(action="occasion.act_done", subject_id=str(act.pk)).count() == 1
    with pytest.raises(DomainError, match="act_done"):
        drop_act(act.pk, actor=actor)


def test_the_day_of_an_act_moves_with_the_occasion(approved, eid, actor):
    order_act(eid, kind=K.OPEN_EDITION, anchor=Anchor.END, offset_days=1, edition=approved, actor=actor)
    confirm(eid, "1405-12-20", actor)
    assert apply_due_acts(at(parse_jalali("1405-12-20"))) == 0
    assert apply_due_acts(at(parse_jalali("1405-12-21"))) == 1


def test_it_closes_too_and_says_with_what_word(approved, eid, actor):
    with pytest.raises(DomainError, match="act_needs_text"):
        order_act(eid, kind=K.CLOSE_EDITION, anchor=Anchor.END, edition=approved, actor=actor)
    open_edition(approved.pk, actor=actor)
    order_act(eid, kind=K.CLOSE_EDITION, anchor=Anchor.END, edition=approved, text="سپاس", actor=actor)
    confirm(eid, "1405-12-19", actor)
    assert apply_due_acts(at(eid.ends_on)) == 1
    assert state(approved) == CampaignState.CLOSED
    assert approved.closing_text == "سپاس"


def test_what_cannot_be_done_says_why_and_is_done_later_and_stops_no_other(draft, eid, actor):
    act = order_act(eid, kind=K.OPEN_EDITION, anchor=Anchor.START, edition=draft, actor=actor)
    open_one = Edition.objects.get(campaign__slug="ziafat-mehrabani", state="open")
    other = order_act(eid, kind=K.OPEN_EDITION, anchor=Anchor.START, edition=open_one, actor=actor)
    confirm(eid, "1405-12-19", actor)
    assert apply_due_acts(at(eid.starts_on)) == 1
    act.refresh_from_db()
    other.refresh_from_db()
    assert (act.done_at, act.trouble) == (None, "wrong_state")
    assert other.done_at
    approve(draft)
    assert apply_due_acts(at(eid.starts_on)) == 1
    act.refresh_from_db()
    assert (state(draft), act.trouble) == (CampaignState.OPEN, "")


def test_a_reminder_is_for_its_role_until_somebody_has_seen_to_it(eid, actor):
    order = {"kind": K.REMIND, "anchor": Anchor.START, "offset_days": -3, "text": "نرخ فطریه را بنویسید"}
    for lacking in ({"text": ""}, {"role": ""}):
        with pytest.raises(DomainError, match="act_needs"):
            order_act(eid, **({"role": Role.HQ_MANAGER} | order | lacking), actor=actor)
    act = order_act(eid, **order, role=Role.HQ_MANAGER, waits_for_confirmation=False, actor=actor)
    due = eid.starts_on - timedelta(days=3)
    assert reminders_for([Role.HQ_MANAGER], due - timedelta(days=1)) == []
    assert reminders_for([Role.HQ_MANAGER], due) == [act]
    assert reminders_for([Role.HQ_ACCOUNTANT], due) == []
    assert apply_due_acts(at(due)) == 0
    settle_reminder(act.pk, actor=actor)
    settle_reminder(act.pk, actor=actor)
    assert reminders_for([Role.HQ_MANAGER], due) == []


def test_the_same_order_is_not_taken_twice(approved, eid, actor):
    order = {"kind": K.OPEN_EDITION, "anchor": Anchor.START, "edition": approved, "actor": actor}
    order_act(eid, **order)
    with pytest.raises(DomainError, match="act_exists"):
        order_act(eid, **order)


def test_the_database_counts_days_as_the_code_does(eid, actor, approved):
    for anchor in Anchor.values:
        order_act(eid, kind=K.OPEN_EDITION, anchor=anchor, offset_days=-7, edition=approved, actor=actor)
    confirm(eid, "1405-12-19", actor, "1405-12-21")
    eid.refresh_from_db()
    found = due_acts(eid.ends_on)
    assert {act.due_on for act in found} == {day_of(eid, anchor, -7) for anchor in Anchor.values}
    assert len(found) == 2


# --- a calendar as a file ----------------------------------------------------------------------------------
def line(start: str = "1407-11-27", source: str = "", **more) -> tuple[OccasionFacts, str]:
    day = parse_jalali(start)
    facts = {
        "code": "eid_fitr",
        "name": "عید فطر",
        "hijri_year": 1450,
        "starts_on": day,
        "ends_on": day,
    } | more
    return OccasionFacts(**facts), source


def test_a_calendar_twice_changes_nothing_and_an_estimate_moves_no_confirmed_day(actor):
    first = take_calendar(
        [line(), line(code="yalda", name="یلدا", hijri_year=0, start="1406-09-30")], actor=actor
    )
    assert (first.added, first.unchanged) == (2, 0)
    again = take_calendar(
        [line(), line(code="yalda", name="یلدا", hijri_year=0, start="1406-09-30")], actor=actor
    )
    assert (again.added, again.moved, again.confirmed, again.unchanged) == (0, 0, 0, 2)
    assert take_calendar([line("1407-11-28")], actor=actor).moved == 1
    assert take_calendar([line("1407-11-27", "اعلام")], actor=actor).confirmed == 1
    assert take_calendar([line("1407-11-28"), line("1407-11-27", "اعلام")], actor=actor).unchanged == 2
    assert days_of(Occasion.objects.get(hijri_year=1450, code="eid_fitr"))[0] == "1407-11-27"


def test_a_calendar_is_taken_whole_or_not_at_all(actor):
    count = Occasion.objects.count()
    with pytest.raises(DomainError, match="occasion_name_required") as refused:
        take_calendar([line(), line(code="x", name=" ")], actor=actor)
    assert refused.value.data["line"] == 2
    assert Occasion.objects.count() == count


def test_an_occasion_of_a_year_is_written_once(actor):
    add_occasion(line()[0], actor=actor)
    with pytest.raises(DomainError, match="occasion_exists"):
        add_occasion(line("1407-11-28")[0], actor=actor)
    with pytest.raises(DomainError, match="occasion_code_bad"):
        add_occasion(line(code="عید")[0], actor=actor)


# --- headquarters' pages -----------------------------------------------------------------------------------
@pytest.fixture
def hq():
    return browser_of(person(Role.HQ_MANAGER))


def test_confirmed_on_the_evening_before_and_seen_by_everybody(hq, client, eid):
    Occasion.objects.exclude(pk=eid.pk).update(is_public=False)
    eid.acts.all().delete()
    soon = tehran_today() + timedelta(days=1)
    Occasion.objects.filter(pk=eid.pk).update(starts_on=soon, ends_on=soon)
    assert "تاریخ برآوردی است" in client.get("/").content.decode()
    assert eid.name in hq.get("/hq/occasions/").content.decode()
    address = f"/hq/occasions/{eid.pk}/"
    day = iso_jalali(soon + timedelta(days=1))
    answer = hq.post(address, {"confirm": "1", "starts_on": day, "ends_on": "", "source": ""})
    assert answer.status_code == 200
    assert "confirm_source_error" in answer.content.decode()
    answer = hq.post(
        address, {"confirm": "1", "starts_on": day, "ends_on": "", "source": "دفتر"}, follow=True
    )
    assert "تاریخ تأیید شد" in answer.content.decode()
    for page in ("/", "/campaigns/"):
        html = client.get(page).content.decode()
        assert eid.name in html
        assert "برآوردی" not in html


def test_orders_from_the_page(hq, approved, eid):
    address = f"/hq/occasions/{eid.pk}/"
    order = {
        "order": "1", "kind": "open_edition", "anchor": "start", "offset_days": "-۳", "edition": approved.pk,
        "role": "", "text": "", "waits_for_confirmation": "on",
    }  # fmt: skip
    answer = hq.post(address, order, follow=True)
    assert "دستور نوشته شد" in answer.content.decode()
    act = OccasionAct.objects.get(edition=approved)
    assert (act.offset_days, act.waits_for_confirmation) == (-3, True)
    assert hq.post(address, {"drop": act.pk}, follow=True).status_code == 200
    assert not OccasionAct.objects.filter(pk=act.pk).exists()


def test_the_export_is_read_again_and_changes_nothing(hq):
    file = hq.get("/hq/occasions/occasions.csv").content
    before = list(Occasion.objects.order_by("pk").values())
    answer = hq.post("/hq/occasions/import/", {"file": SimpleUploadedFile("a.csv", file)}, follow=True)
    assert f"{persian(len(before))} سطر همان بود که هست" in answer.content.decode()
    assert list(Occasion.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,2\n", "سرستون"),
        ("code,name,hijri_year,starts_on,ends_on\nx,ی,0,2026-01-01,\n", "سطر ۱"),
        ("code,name,hijri_year,starts_on,ends_on\nx,ی,هیچ,1405-01-01,\n", "سطر ۱"),
        (b"\xff\xfe\x00", "سرستون"),
    ],
)
def test_a_file_that_is_no_calendar(hq, content, says):
    content = content if isinstance(content, bytes) else content.encode()
    answer = hq.post("/hq/occasions/import/", {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_an_occasion_is_added_by_hand(hq):
    form = {
        "code": "ghadir", "name": "غدیر", "hijri_year": "1448", "starts_on": "۱۴۰۶/۰۲/۲۸", "ends_on": "", "fund": "",
        "shown_days": "10", "is_public": "on",
    }  # fmt: skip
    assert hq.post("/hq/occasions/new/", form).status_code == 302
    made = Occasion.objects.get(code="ghadir")
    assert (made.jalali_year, made.is_confirmed, made.shown_days) == (1406, False, 10)


def persian(number: int) -> str:
    from core.text import persian_digits

    return persian_digits(number)
