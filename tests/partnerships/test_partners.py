"""Partners: one a legal ID, seen where they have something to do, changed where they belong."""

import pytest
from django.db import connection

from core.models import AuditEntry
from partnerships.enums import PartnerKind
from partnerships.models import Partner, PartnerContact
from partnerships.partner_selectors import find_partners, partners_in_sight
from partnerships.services.agreements import split_item
from partnerships.services.partners import (
    PartnerFacts,
    add_contact,
    add_site,
    change_partner,
    close_site,
    forget_contact,
)
from provinces.models import County
from provinces.scoping import Scope, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, person
from tests.factories.promises import firm, promised, signed
from tests.partnerships.conftest import refusal

pytestmark = pytest.mark.django_db
LEGAL_ID, OTHER_COUNTY = "00000000125", "0601"  # a number made of its check digit alone
TEHRANS, KHUZESTANS = Scope(provinces=frozenset({TEHRAN})), Scope(provinces=frozenset({KHUZESTAN}))


def seen(scope: Scope) -> set[Partner]:
    with open_scope(scope):
        return set(partners_in_sight().filter(is_active=True))


class TestWriting:
    def test_a_legal_id_is_checked_and_names_one_partner_of_the_country(self, country, expert):
        assert refusal(lambda: firm(legal_id="12345678901")) == "bad_legal_id"
        made = firm(legal_id="۰۰۰۰۰۰۰۰۱۲۵")
        assert made.legal_id == LEGAL_ID
        assert refusal(lambda: firm(KHUZESTAN, legal_id=LEGAL_ID)) == "organisation_exists"
        assert firm().legal_id == firm().legal_id == "", "those without one do not hinder each other"

    def test_another_province_is_neither_written_nor_changed(self, country, expert):
        theirs = firm(KHUZESTAN)
        with open_scope(TEHRANS):
            assert refusal(lambda: firm(KHUZESTAN)) == "not_found"
            assert refusal(lambda: firm("")) == "not_found", "national ones are headquarters'"
            facts = PartnerFacts(PartnerKind.GUILD, "نام تازه", province=theirs.province)
            assert refusal(lambda: change_partner(theirs.pk, facts, actor=expert)) == "not_found"
        assert Partner.objects.get(pk=theirs.pk).name == theirs.name

    def test_a_county_lies_in_the_province(self, country, expert):
        assert refusal(lambda: firm(TEHRAN, OTHER_COUNTY)) == "unknown_county"

    def test_changes_are_audited_by_the_names_of_fields(self, country, expert):
        made = firm()
        facts = PartnerFacts(PartnerKind.GUILD, made.name, province=made.province, note="یادداشت")
        change_partner(made.pk, facts, actor=expert)
        entry = AuditEntry.objects.get(action="partner.change")
        assert (entry.data, entry.province_code) == ({"changed": ["kind", "note"]}, TEHRAN)


class TestContacts:
    def test_they_lie_encrypted_and_leave_no_trace(self, country, expert):
        made = firm()
        contact = add_contact(made.pk, name="رابط", mobile="۰۹۱۲۱۲۳۴۵۶۷", wants_reminders=True, actor=expert)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name || mobile FROM partnerships_partnercontact")
            assert "9121234567" not in str(cursor.fetchall())
        forget_contact(contact.pk, actor=expert)
        assert not PartnerContact.objects.exists()
        said = str(
            list(AuditEntry.objects.filter(action__startswith="partner.").values_list("data", "reason"))
        )
        assert "رابط" not in said
        assert "9121234567" not in said

    def test_who_wants_reminders_can_be_reached(self, country, expert):
        made = firm()
        work = lambda: add_contact(made.pk, name="رابط", wants_reminders=True, actor=expert)  # noqa: E731
        assert refusal(work) == "contact_unreachable"


class TestSight:
    def test_a_province_sees_its_own_and_those_that_work_there(self, country, expert):
        ours, theirs, national = firm(), firm(KHUZESTAN), firm("")
        assert seen(TEHRANS) == {ours}
        site = add_site(
            theirs.pk, name="کارخانه", county=County.objects.get(code=TEHRAN_COUNTY), actor=expert
        )
        promised(partner=national, actor=expert)
        assert seen(TEHRANS) == {ours, theirs, national}
        assert seen(Scope(counties=frozenset({TEHRAN_COUNTY}))) == {theirs}
        close_site(site.pk, actor=expert)
        assert theirs not in seen(TEHRANS)

    def test_a_national_partner_is_seen_where_its_memorandum_has_a_share(self, country, expert):
        agreement = signed(firm(""), province="")
        assert agreement.partner not in seen(KHUZESTANS)
        split_item(agreement.items.get().pk, {KHUZESTAN: 10}, actor=expert)
        assert seen(KHUZESTANS) == {agreement.partner}
        assert seen(TEHRANS) == set()

    def test_search_finds_persian_however_it_was_typed(self, country, expert):
        made = firm(name="مشارکت‌های نیکِ علی‌آباد", legal_id=LEGAL_ID)
        for words in ("مشاركت هاي", "علی آباد", "مشارکتهای نیک", "۰۰۰۰۰۰۰۰۱۲۵", "0000012"):
            assert list(find_partners(q=words)) == [made], words
        assert not find_partners(q="دیگر").exists()

    def test_open_promises_of_other_provinces_are_not_counted(self, country, expert):
        national = firm("")
        promised(partner=national)
        promised(partner=national, province=KHUZESTAN)
        assert find_partners(q=national.name).get().open_count == 2
        with open_scope(TEHRANS):
            assert find_partners(q=national.name).get().open_count == 1


def test_a_site_of_ones_own_place_may_be_written_for_anothers_partner(country, expert):
    theirs = firm(KHUZESTAN)
    here, there = County.objects.get(code=TEHRAN_COUNTY), County.objects.get(code=OTHER_COUNTY)
    with open_scope(TEHRANS):
        assert refusal(lambda: add_site(theirs.pk, name="معدن", county=there, actor=expert)) == "not_found"
        add_site(theirs.pk, name="کارخانه", county=here, actor=expert)
        assert (
            refusal(lambda: add_site(theirs.pk, name="کارخانه", county=here, actor=person())) == "site_exists"
        )
