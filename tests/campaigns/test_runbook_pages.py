"""The pages of a season's plan, from headquarters to the county."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Occasion, Runbook, RunbookTask, RunbookTemplate, TemplateTask
from campaigns.services.runbook_templates import (
    add_template_task,
    change_template_task,
)
from campaigns.services.runbooks import clone_to_provinces
from core.jalali import iso_jalali
from provinces.enums import Role
from provinces.models import Province
from tests.factories.people import TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.runbooks import PNG, YEAR, a_template, facts

pytestmark = pytest.mark.usefixtures("db", "country")


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


def tasks(runbook: Runbook) -> list[RunbookTask]:
    return list(RunbookTask.objects.filter(runbook=runbook).order_by("position", "pk"))


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
