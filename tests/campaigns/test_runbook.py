"""A season's plan: written once, cloned to provinces and counties, counted from confirmed days, ticked off, adapted."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from campaigns.models import Occasion, Runbook, RunbookTask, RunbookTemplate, TemplateTask
from campaigns.runbook import Progress, country_of, is_late, offers_to, progress_of, tasks_of
from campaigns.services.demo_runbook import seed_demo_runbook
from campaigns.services.occasions import confirm_occasion
from campaigns.services.runbook_tasks import (
    adapt_task,
    add_task,
    answer_offers,
    drop_task,
    finish_task,
    reopen_task,
    restore_task,
)
from campaigns.services.runbook_templates import (
    add_template_task,
    attach_file,
    change_template_task,
    retire_template_task,
)
from campaigns.services.runbooks import clone_to_counties, clone_to_provinces
from core.errors import DomainError
from core.jalali import iso_jalali, parse_jalali
from core.models import AuditEntry
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import Scope, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.runbooks import PNG, YEAR, a_template, facts

pytestmark = pytest.mark.usefixtures("db", "country")
EVERY = 31


@pytest.fixture
def actor(db):
    return person(Role.HQ_MANAGER)


@pytest.fixture
def template(actor) -> RunbookTemplate:
    return a_template(tasks=2, actor=actor)


@pytest.fixture
def eid(db) -> Occasion:
    return Occasion.objects.get(code="eid_fitr", hijri_year=YEAR)


@pytest.fixture
def tehran(template, actor) -> Runbook:
    return clone(template, actor, TEHRAN)


def clone(template, actor, *codes: str) -> Runbook:
    clone_to_provinces(template.pk, year=YEAR, provinces=Province.objects.filter(pk__in=codes), actor=actor)
    return Runbook.objects.get(template=template, province=codes[0], county=None)


def county_of(runbook: Runbook, actor, code: str = TEHRAN_COUNTY) -> Runbook:
    clone_to_counties(runbook.pk, counties=[County.objects.get(code=code)], actor=actor)
    return Runbook.objects.get(parent=runbook, county=code)


def tasks(runbook: Runbook) -> list[RunbookTask]:
    return list(RunbookTask.objects.filter(runbook=runbook).order_by("position", "pk"))


def days(runbook: Runbook) -> list[str]:
    return [iso_jalali(task.due_on) for task in tasks_of(runbook)]


# --- cloning -------------------------------------------------------------------------------------------------
def test_one_action_gives_the_plan_to_every_province_and_a_second_changes_nothing(template, actor):
    every = list(Province.objects.all())
    first = clone_to_provinces(template.pk, year=YEAR, provinces=every, actor=actor)
    assert (first.made, first.there) == (EVERY, 0)
    before = list(RunbookTask.objects.order_by("pk").values())
    assert len(before) == EVERY * 2
    add_template_task(template, facts("تازه"), actor=actor)
    again = clone_to_provinces(template.pk, year=YEAR, provinces=every, actor=actor)
    assert (again.made, again.there) == (0, EVERY)
    assert list(RunbookTask.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(action="runbook.cloned").count() == EVERY


def test_the_database_knows_one_copy_a_place_and_one_of_a_task(template, tehran):
    with pytest.raises(IntegrityError, match="one_runbook_a_place"), transaction.atomic():
        Runbook.objects.create(template=template, year=YEAR, province_id=TEHRAN)
    one = tasks(tehran)[0]
    with pytest.raises(IntegrityError, match="one_copy_of_a_task"), transaction.atomic():
        RunbookTask.objects.create(
            runbook=tehran, origin=one.origin, title="x", role=one.role, occasion=one.occasion
        )


def test_a_year_without_its_occasions_is_refused_whole(template, actor):
    with pytest.raises(DomainError, match="runbook_occasion_missing") as refused:
        clone_to_provinces(template.pk, year=1500, provinces=Province.objects.all(), actor=actor)
    assert refused.value.data == {"code": "eid_fitr", "year": 1500}
    assert not Runbook.objects.exists()


def test_a_province_gives_its_own_copy_on_to_its_counties(tehran, actor, eid):
    first, second = tasks(tehran)
    own = add_task(tehran.pk, facts("کار استان", position=3), occasion=eid, actor=actor)
    by_hand = eid.starts_on - timedelta(days=20)
    adapt_task(
        first.pk,
        facts("به زبان استان", position=1),
        occasion=eid,
        own_due_on=by_hand,
        assignee=None,
        actor=actor,
    )
    drop_task(second.pk, actor=actor, reason="در تهران نیست")
    county = county_of(tehran, actor)
    assert [task.title for task in tasks(county)] == ["به زبان استان", "کار استان"]
    assert tasks(county)[0].own_due_on == by_hand
    assert [task.source_id for task in tasks(county)] == [first.pk, own.pk]
    assert clone_to_counties(tehran.pk, counties=[county.county], actor=actor).made == 0
    with pytest.raises(DomainError, match="runbook_of_county"):
        clone_to_counties(county.pk, counties=[county.county], actor=actor)
    elsewhere = County.objects.filter(province=KHUZESTAN).first()
    with pytest.raises(DomainError, match="unknown_county"):
        clone_to_counties(tehran.pk, counties=[elsewhere], actor=actor)


# --- days ----------------------------------------------------------------------------------------------------
def test_days_follow_the_confirmed_date_and_a_day_by_hand_stays(tehran, actor, eid):
    first, second = tasks(tehran)
    county = county_of(tehran, actor)
    by_hand = parse_jalali("1405-12-01")
    adapt_task(
        first.pk, facts("کار 0", position=1), occasion=eid, own_due_on=by_hand, assignee=None, actor=actor
    )
    assert days(tehran) == ["1405-12-01", "1405-12-16"]
    day = parse_jalali("1405-12-20")
    confirm_occasion(eid.pk, starts_on=day, ends_on=day, source="اعلام", actor=actor)
    assert days(tehran) == ["1405-12-01", "1405-12-17"]
    assert days(county) == ["1405-12-17", "1405-12-17"]
    adapt_task(
        first.pk, facts("کار 0", position=1), occasion=eid, own_due_on=None, assignee=None, actor=actor
    )
    assert days(tehran) == ["1405-12-17", "1405-12-17"]
    assert [task.pk for task in tasks_of(tehran)] == [first.pk, second.pk]


def test_late_is_what_is_open_after_its_day(tehran, actor, eid):
    first, second = tasks(tehran)
    due = eid.starts_on - timedelta(days=3)
    assert progress_of([tehran.pk], due) == {tehran.pk: Progress(2, 0, 0)}
    assert progress_of([tehran.pk], due + timedelta(days=1)) == {tehran.pk: Progress(2, 0, 2)}
    finish_task(first.pk, actor=actor)
    assert progress_of([tehran.pk], due + timedelta(days=1)) == {tehran.pk: Progress(2, 1, 1)}
    drop_task(second.pk, actor=actor, reason="نیازی نیست")
    assert progress_of([tehran.pk], due + timedelta(days=1)) == {tehran.pk: Progress(1, 1, 0)}
    assert not any(is_late(task, due + timedelta(days=9)) for task in tasks_of(tehran))


def test_the_country_worst_first(template, actor, eid):
    good, bad = clone(template, actor, TEHRAN, KHUZESTAN), None
    bad = Runbook.objects.get(template=template, province=KHUZESTAN)
    county = county_of(good, actor)
    for task in (*tasks(good), *tasks(county)):
        finish_task(task.pk, actor=actor)
    late = eid.starts_on
    rows = country_of(template, YEAR, late)
    assert [row.runbook for row in rows] == [bad, good]
    assert (rows[0].own, rows[0].county_count) == (Progress(2, 0, 2), 0)
    assert (rows[1].own, rows[1].counties, rows[1].county_count) == (Progress(2, 2, 0), Progress(2, 2, 0), 1)


# --- working with one's own copy -------------------------------------------------------------------------------
def test_done_and_undone_with_who_and_when(tehran, actor):
    task, other = tasks(tehran)[0], person(Role.PROVINCIAL_EXPERT)
    finish_task(task.pk, actor=other, note="با عکس")
    finish_task(task.pk, actor=actor, note="دیرتر")
    task.refresh_from_db()
    assert (task.done_by, task.note) == (other, "با عکس")
    reopen_task(task.pk, actor=actor, note="ناقص بود")
    reopen_task(task.pk, actor=actor)
    task.refresh_from_db()
    assert (task.done_at, task.done_by, task.note) == (None, None, "ناقص بود")
    steps = AuditEntry.objects.filter(subject_type="campaigns.runbooktask", subject_id=str(task.pk))
    assert [(e.action, e.actor) for e in steps.order_by("pk")] == [
        ("runbook_task.done", other), ("runbook_task.undone", actor),
    ]  # fmt: skip


def test_a_dropped_task_says_why_and_may_come_back(tehran, actor):
    task = tasks(tehran)[0]
    with pytest.raises(DomainError, match="runbook_reason_required"):
        drop_task(task.pk, actor=actor, reason=" ")
    drop_task(task.pk, actor=actor, reason="در این استان نیست")
    with pytest.raises(DomainError, match="runbook_task_dropped"):
        finish_task(task.pk, actor=actor)
    restore_task(task.pk, actor=actor)
    assert finish_task(task.pk, actor=actor).done_at


def test_a_task_is_handed_to_a_colleague_only(tehran, actor, eid):
    task = tasks(tehran)[0]
    near, far = person(Role.PROVINCIAL_EXPERT, TEHRAN), person(Role.PROVINCIAL_EXPERT, KHUZESTAN)
    said = {"occasion": eid, "own_due_on": None, "actor": actor}
    with pytest.raises(DomainError, match="not_a_colleague"):
        adapt_task(task.pk, facts("کار 0", position=1), assignee=far, **said)
    revision = task.revision
    adapt_task(task.pk, facts("کار 0", position=1), assignee=near, **said)
    task.refresh_from_db()
    assert (task.assignee, task.revision) == (near, revision), "a person is nothing that counties take over"


@pytest.mark.parametrize(
    "do",
    [
        lambda runbook, task, who: finish_task(task.pk, actor=who),
        lambda runbook, task, who: drop_task(task.pk, actor=who, reason="x"),
        lambda runbook, task, who: answer_offers(runbook.pk, set(), take=True, actor=who, reason="x"),
        lambda runbook, task, who: add_task(runbook.pk, facts(), occasion=task.occasion, actor=who),
        lambda runbook, task, who: clone_to_counties(runbook.pk, counties=[], actor=who),
        lambda runbook, task, who: clone_to_provinces(
            runbook.template_id, year=YEAR, provinces=[], actor=who
        ),
    ],
)
@pytest.mark.parametrize(
    "scope", [Scope(provinces=frozenset({KHUZESTAN})), Scope(counties=frozenset({TEHRAN_COUNTY}))]
)
def test_another_places_copy_does_not_exist(do, scope, tehran, actor):
    task = tasks(tehran)[0]
    with open_scope(scope), pytest.raises(DomainError, match="not_found"):
        do(tehran, task, actor)


# --- what the template has changed -----------------------------------------------------------------------------
def offered(runbook: Runbook) -> list[tuple]:
    return [(offer.kind, offer.upstream.title, offer.differences) for offer in offers_to(runbook)]


def origin_of(task: RunbookTask) -> TemplateTask:
    return TemplateTask.objects.get(pk=task.origin_id)


def test_a_change_of_the_template_is_offered_and_taken(template, tehran, actor):
    first, second = tasks(tehran)
    assert offered(tehran) == []
    finish_task(first.pk, actor=actor)
    change_template_task(
        first.origin_id, facts("کار 0", position=1, text="متن تازه", offset_days=-5), actor=actor
    )
    change_template_task(second.origin_id, facts("کار 1", position=2), actor=actor)
    retire_template_task(second.origin_id, actor=actor)
    new = add_template_task(template, facts("تازه", position=3), actor=actor)
    found = offered(tehran)
    assert found == [
        ("changed", "کار 0", ("text", "offset_days")), ("gone", "کار 1", ()), ("new", "تازه", ()),
    ]  # fmt: skip
    keys = {offer.key for offer in offers_to(tehran)}
    assert answer_offers(tehran.pk, keys, take=True, actor=actor, reason="الگو") == 3
    assert answer_offers(tehran.pk, keys, take=True, actor=actor, reason="الگو") == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, first.offset_days, first.done_by) == ("متن تازه", -5, actor)
    assert second.why_dropped == "الگو"
    assert RunbookTask.objects.get(runbook=tehran, origin=new).title == "تازه"
    assert offered(tehran) == []


def test_what_is_left_is_not_offered_again_until_it_changes_again(template, tehran, actor):
    first, _ = tasks(tehran)
    change_template_task(first.origin_id, facts("نام تازه", position=1), actor=actor)
    new = add_template_task(template, facts("تازه", position=3), actor=actor)
    keys = {offer.key for offer in offers_to(tehran)}
    assert answer_offers(tehran.pk, keys, take=False, actor=actor, reason="نخواستیم") == 2
    first.refresh_from_db()
    assert (first.title, offered(tehran)) == ("کار 0", [])
    assert RunbookTask.objects.get(runbook=tehran, origin=new).why_dropped == "نخواستیم"
    change_template_task(first.origin_id, facts("نام سوم", position=1), actor=actor)
    assert offered(tehran) == [("changed", "نام سوم", ("title",))]


def test_a_county_is_offered_what_its_province_changes(tehran, actor, eid):
    county = county_of(tehran, actor)
    first, second = tasks(tehran)
    change_template_task(first.origin_id, facts("از ستاد", position=1), actor=actor)
    assert offered(county) == [], "the template reaches a county by its province"
    adapt_task(
        second.pk, facts("از استان", position=2), occasion=eid, own_due_on=None, assignee=None, actor=actor
    )
    with open_scope(Scope(counties=frozenset({TEHRAN_COUNTY}))):
        assert offered(county) == [("changed", "از استان", ("title",))]
        keys = {offer.key for offer in offers_to(county)}
        assert answer_offers(county.pk, keys, take=True, actor=actor, reason="x") == 1
    assert [task.title for task in tasks(county)] == ["کار 0", "از استان"]
    answer_offers(tehran.pk, {o.key for o in offers_to(tehran)}, take=True, actor=actor, reason="x")
    assert offered(county) == [("changed", "از ستاد", ("title",))]
    drop_task(second.pk, actor=actor, reason="نه")
    assert ("gone", "از استان", ()) in offered(county)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "runbook_title_required"),
        ({"title": "کار 0"}, "runbook_task_exists"),
        ({"offset_days": 121}, "runbook_offset_too_far"),
        ({"occasion_code": "nothing"}, "runbook_occasion_unknown"),
    ],
)
def test_a_task_that_is_none(wrong, code, template, actor):
    with pytest.raises(DomainError, match=code):
        add_template_task(template, facts(**({"title": "تازه"} | wrong)), actor=actor)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html>", "runbook_file_kind"), (PNG + b"0" * 5 * 1024 * 1024, "runbook_file_large")],
)
def test_a_file_is_what_it_holds(content, code, template, actor):
    with pytest.raises(DomainError, match=code):
        attach_file(template.tasks.first().pk, title="x", content=content, actor=actor)


# --- pages ---------------------------------------------------------------------------------------------------
def test_from_headquarters_to_the_county(actor):
    hq = browser_of(actor)
    made = hq.post(
        "/hq/runbook/templates/new/", {"title": "رمضان", "year_kind": "hijri", "intro": "", "campaign": ""}
    )
    template = RunbookTemplate.objects.get()
    address = f"/hq/runbook/templates/{template.pk}/"
    assert made["Location"] == address
    fields = {
        "title": "نصب صندوق", "kind": "task", "role": "provincial_expert", "occasion_code": "eid_fitr",
        "anchor": "start", "offset_days": "-۵", "position": "10", "text": "صندوق‌ها",
    }  # fmt: skip
    assert hq.post(f"{address}tasks/new/", fields).status_code == 302
    task = TemplateTask.objects.get()
    file = SimpleUploadedFile("p.png", PNG)
    page = hq.post(
        f"/hq/runbook/tasks/{task.pk}/", {"attach": "1", "attachment_title": "پوستر", "file": file}
    )
    assert page.status_code == 302
    assert "به ۳۱ جا داده شد" in hq.post(address, {"clone": "1", "year": YEAR}, follow=True).content.decode()
    assert (
        "به ۰ جا داده شد؛ ۳۱ جا"
        in hq.post(address, {"clone": "1", "year": YEAR}, follow=True).content.decode()
    )

    expert = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN))
    runbook = Runbook.objects.get(province=TEHRAN)
    address = f"/desk/runbook/{runbook.pk}/"
    assert address in expert.get("/desk/runbook/").content.decode()
    page = expert.get(address).content.decode()
    for words in ("نصب صندوق", "برآوردی", "۵ روز پیش از آغاز عید فطر", "پوستر", "انجام‌شده ۰ از ۱"):
        assert words in page, words
    own = RunbookTask.objects.get(runbook=runbook)
    files = expert.get(f"/desk/runbook/tasks/{own.pk}/files/{task.attachments.get().pk}/")
    assert (b"".join(files.streaming_content), files["Content-Type"]) == (PNG, "image/png")
    done = expert.post(address, {"done": own.pk, "note": "همه"}, follow=True).content.decode()
    assert "انجام‌شده ۱ از ۱" in done
    assert "انجام‌شده ۱ از ۱" in hq.get("/hq/runbook/").content.decode()
    expert.post(address, {"undo": own.pk})
    expert.post(address, {"clone": "1", "counties": [TEHRAN_COUNTY]})

    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))
    county = Runbook.objects.get(county=TEHRAN_COUNTY)
    page = officer.get("/desk/runbook/").content.decode()
    assert f"/desk/runbook/{county.pk}/" in page
    assert f'href="{address}"' not in page
    assert officer.get(address).status_code == 404
    assert 'name="clone"' not in officer.get(f"/desk/runbook/{county.pk}/").content.decode()
    assert "شهرستان" in expert.get(address).content.decode()


def test_a_task_is_made_ones_own_on_its_page(tehran):
    expert = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN))
    one = tasks(tehran)[0]
    address = f"/desk/runbook/tasks/{one.pk}/"
    form = expert.get(address).context["form"]
    fields = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    assert (
        expert.post(address, fields | {"own_due_on": "۱۴۰۵/۱۲/۰۱", "title": "به نام ما"}).status_code == 302
    )
    one.refresh_from_db()
    assert (one.title, iso_jalali(one.own_due_on)) == ("به نام ما", "1405-12-01")
    assert "عنوان" in expert.get(address).content.decode()
    assert expert.post(address, {"drop": "1", "reason": ""}).status_code == 200
    assert expert.post(address, {"drop": "1", "reason": "نیازی نیست"}).status_code == 302
    assert "نیازی نیست" in expert.get(f"/desk/runbook/{tehran.pk}/").content.decode()
    assert expert.post(address, {"restore": "1"}).status_code == 302
    new = fields | {"title": "کار خودمان", "assignee": "", "own_due_on": ""}
    assert expert.post(f"/desk/runbook/{tehran.pk}/tasks/new/", new).status_code == 302
    assert RunbookTask.objects.get(title="کار خودمان").origin is None


def test_changes_are_answered_on_their_page(template, tehran, actor):
    expert = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN))
    change_template_task(tasks(tehran)[0].origin_id, facts("نام تازه", position=1), actor=actor)
    new = add_template_task(template, facts("کار تازه", position=3), actor=actor)
    address = f"/desk/runbook/{tehran.pk}/changes/"
    page = expert.get(address).content.decode()
    assert "نام تازه" in page
    assert "کار تازه" in page
    expert.post(address, {"leave": f"new:{new.pk}"})
    assert "پاسخ گرفت" in expert.post(address, {"take_all": "1"}, follow=True).content.decode()
    assert [task.title for task in tasks(tehran)] == ["نام تازه", "کار 1", "کار تازه"]
    assert "چیزی برای برداشتن نیست" in expert.get(address).content.decode()


def test_spreadsheets(tehran):
    expert, hq = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN)), browser_of(person(Role.HQ_ANALYST))
    for browser, address, words in (
        (expert, f"/desk/runbook/{tehran.pk}/runbook.xlsx", "کار 0"),
        (hq, "/hq/runbook/runbook.xlsx", "تهران"),
    ):
        with zipfile.ZipFile(io.BytesIO(browser.get(address).content)) as book:
            assert words in book.read("xl/worksheets/sheet1.xml").decode()


def test_the_date_says_how_much_hangs_on_it(tehran, actor, eid):
    page = browser_of(actor).get(f"/hq/occasions/{eid.pk}/").content.decode()
    assert "۲ کارِ انجام‌نشدهٔ" in page


def test_the_demo_has_a_plan_and_seeding_it_again_changes_nothing(actor):
    for _ in range(2):
        seed_demo_runbook(actor)
        assert Runbook.objects.filter(county=None).count() == EVERY
        assert RunbookTask.objects.filter(runbook__province=TEHRAN, done_by=actor).count() == 1
    assert RunbookTask.objects.filter(runbook__county=TEHRAN_COUNTY).count() == 7
