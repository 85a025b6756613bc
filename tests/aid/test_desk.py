"""The desk: what waits, proposing, deciding, delivering with evidence; refusals name the rule."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from aid.models import Allocation, Delivery
from core.jalali import format_short, tehran_today
from core.models import AuditEntry
from dashboards.pools import overdue, pools
from dashboards.rollups import fold_all
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.aid import allocated, delivered, proposed
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


def text_of(answer) -> str:
    return answer.content.decode()


def livelihood(amount: int = 1_000_000, **wish):
    return receive(amount, fund="livelihood", province=TEHRAN, **wish)


# --- pools -----------------------------------------------------------------------------------------------
def test_pools_add_up_to_what_was_received_and_say_what_waits():
    gift = livelihood()
    livelihood(500_000)
    delivered(allocated(gift, 600_000), 200_000)
    proposed(gift, 100_000)
    receive(70_000, fund="dowry", province=KHUZESTAN)
    fold_all()
    found = {(pool.key.fund, pool.key.province): pool for pool in pools()}
    here = found["livelihood", TEHRAN]
    assert (here.received_rial, here.waiting_rial, here.allocated_rial) == (1_500_000, 900_000, 400_000)
    assert (here.delivered_rial, here.proposed_rial) == (200_000, 100_000)
    assert found["dowry", KHUZESTAN].waiting_rial == 70_000
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert [pool.key.province for pool in pools()] == [TEHRAN]


def test_fitriyeh_that_waits_beyond_its_hours_is_warned_of():
    late = timezone.now() - timedelta(hours=25)
    receive(fund="fitriyeh_general", province=TEHRAN, at=late)
    receive(fund="fitriyeh_sadat", province=TEHRAN)
    livelihood(at=late)
    fold_all()
    assert [(pool.key.fund, at) for pool, at in overdue(pools())] == [("fitriyeh_general", late)]
    page = text_of(browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/aid/"))
    assert "مهلت توزیع گذشته است" in page
    assert page.count("باید ظرف ۲۴ ساعت توزیع می‌شد") == 1


def test_the_page_leads_to_the_form_of_a_pool_only_those_who_may(django_assert_max_num_queries):
    livelihood()
    fold_all()
    address = f"/desk/aid/allocate/?fund=livelihood&amp;province={TEHRAN}"
    assert address in text_of(browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/aid/"))
    assert address not in text_of(browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/aid/"))


def test_exports_hold_sums_and_nobody():
    gift = livelihood(name="زهرا احمدی", mobile="+989121234567")
    delivered(allocated(gift), households=1, references=["BZ-1405-1"])
    fold_all()
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    for address in ("/desk/aid/pools.csv", "/desk/aid/allocations.csv?state=all"):
        file = browser.get(address).content.decode("utf-8-sig")
        assert "1000000" in file
        for secret in ("زهرا", "989121234567", "BZ-1405-1", gift.tracking_code):
            assert secret not in file
    assert browser.get("/desk/aid/allocations.xlsx").content[:2] == b"PK"


# --- proposing and deciding ------------------------------------------------------------------------------
def form_of(browser, **said):
    filled = {"amount": "50000", "purpose": "livelihood", "programme": "بسته‌های آذر", "place": f"{TEHRAN}:"}
    return browser.post(f"/desk/aid/allocate/?fund=livelihood&province={TEHRAN}", filled | said)


def test_an_expert_proposes_and_a_manager_approves():
    livelihood()
    answer = form_of(browser_of(person(Role.PROVINCIAL_EXPERT)))
    found = Allocation.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/desk/aid/allocations/{found.pk}/")
    assert (found.amount_rial, found.province_id, found.state) == (500_000, TEHRAN, "proposed")
    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert "تخصیص‌ها (۱)" in text_of(manager.get("/desk/aid/"))
    assert manager.post(answer.url, {"decision": "refuse"}).status_code == 200  # says why or nothing
    assert manager.post(answer.url, {"decision": "approve"}).status_code == 303
    found.refresh_from_db()
    assert (found.state, found.held_rial) == ("approved", 500_000)
    assert AuditEntry.objects.filter(action="allocation.approve", province_code=TEHRAN).count() == 1


def test_a_need_gives_its_purpose_and_place():
    livelihood()
    wanted = need(county_id="2301")
    form_of(browser_of(person(Role.PROVINCIAL_EXPERT)), need=wanted.pk, programme="")
    found = Allocation.objects.get()
    assert (found.need, found.county_id, found.programme) == (wanted, "2301", "")


def test_only_what_the_fund_pays_for_is_offered():
    receive(fund="kaffarah_deliberate", province=TEHRAN)
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get(
        f"/desk/aid/allocate/?fund=kaffarah_deliberate&province={TEHRAN}"
    )
    assert list(page.context["form"].fields["purpose"].choices) == [("food", "خوراک")]
    assert "moved_because" not in page.context["form"].fields


def test_a_refusal_names_the_rule():
    gift = receive(fund="sadaqah", province=TEHRAN)
    browser = browser_of(person(Role.HQ_ACCOUNTANT))
    answer = browser.post(
        f"/desk/aid/allocate/?fund=sadaqah&province={TEHRAN}",
        {"amount": "1000", "purpose": "dowry", "programme": "x", "place": f"{KHUZESTAN}:"},
    )
    assert answer.status_code == 200
    assert "این پول برای جای دیگری داده شده است. قاعدهٔ «صدقه»" in text_of(answer)
    assert gift.fund.rule_text in text_of(answer)


def test_too_much_and_a_name_are_refused_in_the_form():
    livelihood()
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    assert "به این اندازه پولِ تخصیص‌نیافته ندارد" in text_of(form_of(browser, amount="100001"))
    assert "نام، شماره، سن یا نشانی کسی" in text_of(form_of(browser, programme="برای خانم رضایی"))
    assert not Allocation.objects.exists()


def test_another_provinces_pool_is_a_404():
    receive(fund="livelihood", province=KHUZESTAN)
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    for query in (
        f"fund=livelihood&province={KHUZESTAN}",
        "fund=livelihood",
        "fund=x",
        "fund=livelihood&need=a",
    ):
        assert browser.get(f"/desk/aid/allocate/?{query}").status_code == 404


def test_the_rest_is_given_back_with_a_reason():
    found = allocated(livelihood())
    browser = browser_of(person(Role.PROVINCIAL_MANAGER))
    assert browser.post(f"/desk/aid/allocations/{found.pk}/", {"reason": ""}).status_code == 200
    assert browser.post(f"/desk/aid/allocations/{found.pk}/", {"reason": "اجرا نشد"}).status_code == 303
    found.refresh_from_db()
    assert found.state == "cancelled"


# --- delivering ------------------------------------------------------------------------------------------
def delivery_form(**said):
    return {
        "amount": "100000", "form": "food", "what": "بستهٔ خوراک", "quantity": "۲", "unit": "بسته", "households": "2",
        "county": "", "delivered_on": format_short(tehran_today()), "first": "social_worker", "second": "recipient",
        "references": "BZ-1405-1\nBZ-1405-2\n",
    } | said  # fmt: skip


def test_a_county_officer_records_a_delivery_with_its_evidence(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = allocated(livelihood(county="2301"))
    browser = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, "2301"))
    address = f"/desk/aid/allocations/{found.pk}/deliver/"
    photo = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nxx")
    said = delivery_form(county="2301", photo=photo)
    assert "تنها عکسی پذیرفته می‌شود که چهره‌ای در آن نباشد" in text_of(browser.post(address, said))
    photo.seek(0)
    answer = browser.post(address, said | {"photo_is_faceless": "on"})
    made = Delivery.objects.get()
    assert answer.url == f"/desk/aid/deliveries/{made.pk}/"
    assert (made.county_id, made.references.count(), made.amount_rial) == ("2301", 2, 1_000_000)
    page = text_of(browser.get(answer.url))
    assert "BZ-1405-1" in page
    assert "چهره‌ای در عکس نیست" not in page  # not by whoever took it
    assert browser.get(f"{answer.url}photo/").content.endswith(b"xx")

    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    page = text_of(manager.get(answer.url))
    assert "BZ-1405-1" not in page
    assert manager.post(answer.url, {"act": "review"}).status_code == 303
    made.refresh_from_db()
    assert made.photo_reviewed_at
    assert browser.post(answer.url, {"act": "outcome", "outcome": "relief"}).status_code == 303
    assert {row.outcome for row in made.references.all()} == {"relief"}
    assert manager.post(answer.url, {"act": "undo", "reason": "دو بار ثبت شد"}).status_code == 303
    made.refresh_from_db()
    assert made.undone_at


def test_a_national_id_is_refused_where_a_case_code_belongs():
    found = allocated(livelihood())
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    said = delivery_form(references="0499370899\nBZ-1405-2")
    page = text_of(browser.post(f"/desk/aid/allocations/{found.pk}/deliver/", said))
    assert "تنها کد پروندهٔ اداره را بنویسید" in page
    assert not Delivery.objects.exists()


def test_kaffarah_offers_food_only():
    found = allocated(receive(fund="kaffarah_deliberate", province=TEHRAN))
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get(f"/desk/aid/allocations/{found.pk}/deliver/")
    assert [code for code, _ in page.context["form"].fields["form"].choices] == ["food"]
    assert "تنها با رساندن خوراک ادا می‌شود" in text_of(page)


def test_an_analyst_looks_and_does_nothing():
    found = allocated(livelihood())
    made = delivered(found, 100_000)
    browser = browser_of(person(Role.HQ_ANALYST))
    assert browser.get(f"/desk/aid/deliveries/{made.pk}/").status_code == 200
    for address, said in (
        (f"/desk/aid/allocations/{found.pk}/", {"reason": "x"}),
        (f"/desk/aid/deliveries/{made.pk}/", {"act": "undo", "reason": "x"}),
        (f"/desk/aid/allocations/{found.pk}/deliver/", delivery_form()),
    ):
        assert browser.post(address, said).status_code == 403
