"""Pages of partners, memoranda, promises and neighbourhoods, as the roles use them."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.jalali import format_short, tehran_today
from partnerships.models import Agreement, Commitment, CommunityAsset, Partner, PartnerContact
from partnerships.services.partners import add_site
from provinces.enums import Role
from provinces.models import County, Neighbourhood
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.promises import PDF, came, days, firm, kept, promise_rows, promised, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return browser_of(person(Role.PROVINCIAL_MANAGER))


def test_a_partner_is_written_with_its_site_and_contact(country, manager):
    form = {
        "kind": "firm",
        "name": "كارخانه نمونه",
        "legal_id": "۰۰۰۰۰۰۰۰۱۲۶",
        "province": TEHRAN,
        "is_active": "on",
    }
    assert "شناسه" in manager.post("/desk/partners/new/", form).content.decode()
    address = manager.post("/desk/partners/new/", form | {"legal_id": "۰۰۰۰۰۰۰۰۱۲۵"}).headers["Location"]
    made = Partner.objects.get(legal_id="00000000125")
    assert made.name == "کارخانه نمونه"
    site = {"act": "site", "site-name": "سولهٔ یک", "site-county": TEHRAN_COUNTY}
    assert manager.post(address, site).status_code == 303
    contact = {
        "act": "contact", "contact-name": "خانم نمونه", "contact-mobile": "۰۹۱۲۱۲۳۴۵۶۷",
        "contact-wants_reminders": "on",
    }  # fmt: skip
    assert manager.post(address, contact).status_code == 303
    page = manager.get(address).content.decode()
    assert "سولهٔ یک" in page
    assert "خانم نمونه" in page
    assert "9121234567" not in page
    others = browser_of(person(Role.PROVINCIAL_ACCOUNTANT)).get(address).content.decode()
    assert "خانم نمونه" not in others, "contacts are for those who look after partners"
    forget = {"act": f"forget-{PartnerContact.objects.get().pk}"}
    assert manager.post(address, forget).status_code == 303
    assert not PartnerContact.objects.exists()
    assert (
        manager.get("/desk/partners/", {"q": "کارخانه‌نمونه"}).content.decode().count(f'href="{address}"') == 1
    )


def test_files_of_lists_hold_no_contact_and_no_formula(country, manager):
    promise_rows(TEHRAN)
    firm(name="=1+1")
    answer = manager.get("/desk/partners/partners.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "'=1+1" in [row[0] for row in rows]
    assert "رابط" not in str(rows)
    assert manager.get("/desk/promises/promises.xlsx").content.startswith(b"PK")


def test_a_memorandum_from_draft_to_work(country, manager):
    partner = firm()
    form = {"partner": partner.pk, "title": "تفاهم‌نامهٔ تازه", "province": TEHRAN, "value_rial": "۵ میلیون"}
    address = manager.post("/desk/agreements/new/", form).headers["Location"]
    assert (
        manager.post(address, {"act": "sign", "sign-signed_on": format_short(tehran_today())}).status_code
        == 200
    )
    item = {
        "act": "item", "item-title": "یخچال", "item-purpose": "dowry", "item-measure": "goods",
        "item-target": "۱۲۰", "item-unit": "دستگاه",
    }  # fmt: skip
    assert manager.post(address, item).status_code == 303
    made = Agreement.objects.get(title="تفاهم‌نامهٔ تازه")
    line = made.items.get()
    split = {"act": f"split-{line.pk}", f"split-{line.pk}-shares": "تهران، ۱۲۱"}
    assert "بیشتر می‌شود" in manager.post(address, split).content.decode()
    split[f"split-{line.pk}-shares"] = "تهران، ۱۰۰"
    assert manager.post(address, split).status_code == 303
    signing = {"act": "sign", "sign-signed_on": format_short(tehran_today())}
    assert manager.post(address, signing).status_code == 303
    assert manager.post(address, {"act": "confirm"}).status_code == 303
    page = manager.get(address).content.decode()
    assert "خودتان ثبت کرده‌اید" in page
    assert 'value="confirm"' not in page
    made.refresh_from_db()
    assert made.state == "draft", "whoever wrote it down does not confirm it"
    assert manager.get(f"{address}edit/").headers["Location"] == address
    second = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert "/desk/agreements/?state=draft" in second.get("/desk/").content.decode()
    assert "/desk/agreements/?state=draft" not in manager.get("/desk/").content.decode()
    assert second.post(address, {"act": "confirm"}).status_code == 303
    for act in (
        {"act": "start"},
        {"act": "file", "file-title": "نسخه", "file-file": SimpleUploadedFile("a.pdf", PDF)},
    ):
        assert manager.post(address, act).status_code == 303
    made.refresh_from_db()
    assert (made.state, made.value_rial, line.shares.get().quantity) == ("running", 50_000_000, 100)
    answer = manager.get(f"{address}files/{made.files.get().pk}/")
    assert (answer.content, answer.headers["Cache-Control"]) == (PDF, "no-store")
    assert manager.get(f"{address}edit/").headers["Location"] == address
    assert "۱۲۰ دستگاه" in manager.get("/desk/agreements/").content.decode()
    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))
    assert officer.get(address).status_code == 403


def test_a_promise_of_an_item_is_planned_and_followed(country, manager):
    line = signed().items.get()
    assert manager.get("/desk/promises/new/?item=0").status_code == 404
    form = {"what": "سری جهیزیه", "quantity": "۳۰", "province": TEHRAN, "due_on": format_short(days(60))}
    address = manager.post(f"/desk/promises/new/?item={line.pk}", form).headers["Location"]
    promise = Commitment.objects.get()
    assert (promise.item, promise.measure, promise.unit, promise.quantity) == (line, "goods", "سری", 30)
    plan = {"act": "plan", "plan-plan": f"{format_short(days(5))}، ۱۰\n{format_short(days(50))}، ۲۱"}
    assert "یکی نیست" in manager.post(address, plan).content.decode()
    plan["plan-plan"] = f"{format_short(days(5))}، ۱۰\n{format_short(days(50))}، ۲۰"
    assert manager.post(address, plan).status_code == 303
    assert promise.instalments.count() == 2
    follow = {"act": "follow", "follow-state": "dropped", "follow-note": "شرکت بسته شد"}
    assert manager.post(address, follow).status_code == 303
    promise.refresh_from_db()
    assert (promise.state, promise.note) == ("dropped", "شرکت بسته شد")
    assert manager.post(address, follow).status_code == 303, "an old page leads back"
    assert "انجام نشد" in manager.get(address).content.decode()


def test_a_promise_is_handed_to_a_colleague_and_found_again_as_ones_own(country, manager):
    promise = promised(county=TEHRAN_COUNTY)
    address = f"/desk/promises/{promise.pk}/"
    officer, stranger = (
        person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY),
        person(Role.PROVINCIAL_EXPERT, KHUZESTAN),
    )
    assert manager.post(address, {"act": "hand", "hand-to": stranger.pk}).status_code == 200
    promise.refresh_from_db()
    assert promise.minded_by != stranger
    assert manager.post(address, {"act": "hand", "hand-to": officer.pk}).status_code == 303
    promise.refresh_from_db()
    assert promise.minded_by == officer
    mine = f'href="{address}"'
    assert mine in browser_of(officer).get("/desk/promises/?mine=on").content.decode()
    assert mine not in manager.get("/desk/promises/?mine=on").content.decode()
    elsewhere = browser_of(stranger)
    assert elsewhere.post(address, {"act": "hand", "hand-to": stranger.pk}).status_code == 404


def test_the_place_of_a_promise_is_a_site_of_its_partner(country, manager):
    actor, place = person(), County.objects.get(code=TEHRAN_COUNTY)
    ours, theirs = firm(), firm()
    own = add_site(ours.pk, name="کارخانهٔ یک", county=place, actor=actor)
    other = add_site(theirs.pk, name="کارخانهٔ دو", county=place, actor=actor)
    form = {
        "partner": ours.pk, "what": "پتو", "purpose": "relief", "measure": "goods", "quantity": "۵", "unit": "تخته",
        "province": TEHRAN, "due_on": format_short(days(9)), "site": other.pk,
    }  # fmt: skip
    assert "از شریک دیگری است" in manager.post("/desk/promises/new/", form).content.decode()
    address = manager.post("/desk/promises/new/", form | {"site": own.pk}).headers["Location"]
    assert "کارخانهٔ یک" in manager.get(address).content.decode()
    edit = manager.get(f"{address}edit/").content.decode()
    assert f'<option value="{own.pk}" selected' in edit
    assert manager.post(f"{address}edit/", form | {"site": own.pk, "quantity": "۶"}).status_code == 303
    assert Commitment.objects.get().site == own, "putting right does not lose it"


def test_the_register_is_read_by_county(country, manager):
    here, there = promised(county=TEHRAN_COUNTY), promised(county="2302")
    found = manager.get("/desk/promises/", {"county": TEHRAN_COUNTY}).content.decode()
    assert f'href="/desk/promises/{here.pk}/"' in found
    assert f'href="/desk/promises/{there.pk}/"' not in found
    lines = (
        manager.get("/desk/promises/promises.csv", {"county": TEHRAN_COUNTY}).content.decode().splitlines()
    )
    assert len(lines) == 2
    everything = manager.get("/desk/promises/", {"county": "0601"}).content.decode()
    assert f'href="/desk/promises/{there.pk}/"' in everything, "another province's county is no question"


def test_what_is_late_or_near_stands_among_todays_work(country):
    promised(plan=[(-1, 10)]), promised(plan=[(1, 10)]), promised(plan=[(60, 10)])
    late, soon = "/desk/promises/?standing=late", "/desk/promises/?standing=soon"
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/").content.decode()
    assert [page.count(f'href="{address}"') for address in (late, soon)] == [1, 1]
    assert '?standing=late">وعدهٔ گذشته از موعد <b>۱</b>' in page
    for other in (person(Role.PROVINCIAL_EXPERT, KHUZESTAN), person(Role.PROVINCIAL_ACCOUNTANT)):
        assert late not in browser_of(other).get("/desk/").content.decode()


def test_whoever_only_looks_has_no_forms(country):
    promise = promised()
    row = came(promise, file=io.BytesIO(PDF))
    analyst = browser_of(person(Role.PROVINCIAL_ACCOUNTANT))
    page = analyst.get(f"/desk/promises/{promise.pk}/").content.decode()
    assert 'name="act"' not in page
    assert analyst.post(f"/desk/promises/{promise.pk}/", {"act": f"decide-{row.pk}"}).status_code == 403
    assert analyst.get(f"/desk/promises/deliveries/{row.pk}/file/").content == PDF


def test_a_refusal_stays_beside_what_was_typed(country, manager):
    row = came(promised())
    address, name = f"/desk/promises/{row.commitment_id}/", f"decide-{row.pk}"
    page = manager.post(address, {"act": name, f"{name}-decision": "no", f"{name}-reason": ""})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    row.refresh_from_db()
    assert row.state == "waiting"


def test_capitals_by_county_and_need(country):
    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))
    place = {"place-county": TEHRAN_COUNTY, "place-name": "محلهٔ شرقی"}
    assert officer.post("/desk/neighbourhoods/", place).status_code == 303
    again = officer.post("/desk/neighbourhoods/", place | {"place-name": "محله شرقی"})
    assert "پیش‌تر ثبت شده" in again.content.decode()
    form = {
        "county": TEHRAN_COUNTY, "neighbourhood": Neighbourhood.objects.get().pk, "capital": "human",
        "title": "ده خیاط", "holder": "کارگاه محله", "contact": "۰۲۱۱۲۳", "useful_for": ["employment"],
    }  # fmt: skip
    assert officer.post("/desk/neighbourhoods/new/", form).status_code == 303
    found = officer.get("/desk/neighbourhoods/", {"use": "employment", "q": "خياط"}).content.decode()
    assert "کارگاه محله" in found
    assert "کارگاه محله" not in officer.get("/desk/neighbourhoods/", {"use": "food"}).content.decode()
    looker = browser_of(person(Role.PROVINCIAL_ACCOUNTANT)).get("/desk/neighbourhoods/").content.decode()
    assert "ده خیاط" in looker
    assert "۰۲۱۱۲۳" not in looker
    row = CommunityAsset.objects.get()
    assert officer.post(f"/desk/neighbourhoods/{row.pk}/", {"act": "retire"}).status_code == 303
    row.refresh_from_db()
    assert (row.is_active, row.contact) == (False, "")
    elsewhere = form | {"county": "0601", "neighbourhood": ""}
    assert officer.post("/desk/neighbourhoods/new/", elsewhere).status_code == 200
    assert CommunityAsset.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/desk/partners/", "/desk/agreements/", "/desk/promises/", "/desk/neighbourhoods/"]
)
def test_a_list_asks_the_same_with_one_and_many_rows(country, address):
    browser, counts = browser_of(person(Role.PROVINCIAL_EXPERT)), []
    promise_rows(TEHRAN)
    browser.get(address)
    for places in ((), ("2302", "2303", "2304")):
        for place in places:
            promise_rows(TEHRAN, place)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_headquarters_finds_its_own_and_each_provinces(country):
    firm("", name="شرکت کشوری"), firm(KHUZESTAN, name="شرکت خوزستانی")
    browser = browser_of(person(Role.HQ_ANALYST))
    national = browser.get("/hq/partners/", {"province": "national"}).content.decode()
    assert "شرکت کشوری" in national
    assert "شرکت خوزستانی" not in national
    assert "شرکت خوزستانی" in browser.get("/hq/partners/", {"province": KHUZESTAN}).content.decode()


def test_what_it_became_is_written_on_the_page(country, manager):
    row = kept(promised())
    address, name = f"/desk/promises/{row.commitment_id}/", f"outcome-{row.pk}"
    assert manager.post(address, {"act": name, f"{name}-outcome": "ده زوج"}).status_code == 303
    assert "ده زوج" in manager.get(address).content.decode()
