"""Pages on which many or two decide: branches that wait, a count that is short, a gift of another day, an event's
gifts by need, codes by place; on a phone and on a desk, and the bulk yes without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns.models import Branch
from campaigns.services.branches import Asked, ask_for, tell_story
from core.jalali import iso_jalali
from dashboards.rollups import fold_all
from payments.cash_selectors import left_over
from payments.services.cash_days import count_cash, decide_count
from payments.services.corrections import request_late_cancellation
from payments.services.posting_lines import ensure_accounts
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.serving import served
from tests.browser.steps import press
from tests.browser.test_season_pages import faults_of
from tests.factories import lines as st
from tests.factories.campaigns import approved_branch, waiting_branch
from tests.factories.counter import notes_for, office, take
from tests.factories.events import announced_event
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, browser_of, person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WAITING = "/desk/campaigns/waiting/"


@pytest.fixture
def day(live_db, settings):
    """Branches and a change that wait, a short count, a gift of yesterday of which somebody asks, an iftar."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with all_provinces("test"):
        manager = person(Role.HQ_MANAGER)
        waiting_branch(TEHRAN)
        waiting_branch(KHUZESTAN, actor=manager)
        edited = approved_branch(ILAM)
        ask_for(edited.pk, Asked(90_000_000), actor=person(Role.PROVINCIAL_EXPERT, ILAM))
        tell_story(edited.pk, "متنی تازه برای همین استان.", actor=person(Role.PROVINCIAL_EXPERT, ILAM))
        where = office()
        ensure_accounts(st.bank(office=where))
        take(500_000, where=where)
        count = count_cash(where, notes_for(450_000), actor=person())
        count = decide_count(count.pk, actor=person(), approve=True)
        late, asked = (take(300_000, where=where, at=timezone.now() - timedelta(days=2)) for _ in range(2))
        request_late_cancellation(asked.pk, actor=person(), reason="نیت دیگری بود")
        iftar = announced_event(needs=(need(goal_rial=2_000_000),))
        receive(400_000, fund="livelihood", placement=iftar.placement.code)
        fold_all()
        yield {
            "count": count,
            "hq": browser_of(manager).cookies["sessionid"].value,
            "accountant": browser_of(person(Role.PROVINCIAL_ACCOUNTANT)).cookies["sessionid"].value,
            "manager": browser_of(person(Role.PROVINCIAL_MANAGER)).cookies["sessionid"].value,
            "addresses": {
                "hq": (WAITING, "/desk/codes/places/", "/hq/campaigns/"),
                "accountant": (
                    f"/desk/counter/counts/{count.pk}/", f"/desk/counter/gifts/{late.pk}/",
                    f"/desk/reconciliation/{TEHRAN}/{iso_jalali(count.day)}/",
                    f"/desk/reconciliation/?month={iso_jalali(count.day)[:7]}",
                ),
                "manager": (
                    f"/desk/counter/gifts/{asked.pk}/", f"/desk/events/{iftar.pk}/", "/desk/counter/",
                    "/desk/codes/places/",
                ),
            },
        }  # fmt: skip


def opened(chromium, address: str, session: str, viewport=PHONE, **more):
    context = chromium.new_context(
        viewport=viewport, base_url=address, locale="fa-IR", reduced_motion="reduce", **more
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    return context


def test_the_pages_hold_the_house_rules(day, chromium):
    faults = []
    with served() as address:
        for who, pages in day["addresses"].items():
            for name, viewport, scheme in (("phone", PHONE, "light"), ("desk", DESKTOP, "dark")):
                context = opened(chromium, address, day[who], viewport, color_scheme=scheme, bypass_csp=True)
                page = context.new_page()
                for one in pages:
                    faults += faults_of(page, one, name)
                context.close()
    assert faults == []


def test_many_are_accepted_and_a_shortage_is_settled_without_a_script(day, chromium):
    count = day["count"]
    with served() as address:
        hq = opened(chromium, address, day["hq"], java_script_enabled=False).new_page()
        hq.goto(WAITING)
        hq.get_by_label("همهٔ ردیف‌های این صفحه").check()
        press(hq, "تأیید برگزیده‌ها")
        assert hq.get_by_text("انجام شد").count() == 2
        hq.context.close()
        clerk = opened(chromium, address, day["accountant"], java_script_enabled=False).new_page()
        clerk.goto(f"/desk/counter/counts/{count.pk}/")
        clerk.get_by_label("کسری هزینه شود").check()
        clerk.get_by_label("دلیل").fill("پیدا نشد")
        clerk.get_by_role("button", name="تعیین تکلیف اختلاف").click()
        clerk.get_by_text("در انتظار تأیید همکار دیگری است").wait_for()
        clerk.context.close()
        second = opened(chromium, address, day["manager"], java_script_enabled=False).new_page()
        second.goto(f"/desk/counter/counts/{count.pk}/")
        second.get_by_label("تأیید می‌کنم").check()
        second.get_by_role("button", name="ثبت", exact=True).click()
        second.get_by_text("اختلاف تعیین تکلیف شد").wait_for()
        second.context.close()
    with all_provinces("test"):
        assert left_over(count) == 0
        assert set(Branch.objects.filter(province__in=[TEHRAN, ILAM]).values_list("edit", flat=True)) == {
            None
        }
