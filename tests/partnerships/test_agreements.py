"""Memoranda: moved along a table, kept as signed, split into no more than there is."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.jalali import parse_jalali
from partnerships.agreement_selectors import agreements_in_sight, find_agreements, standings
from partnerships.enums import AgreementState, Measure, Purpose
from partnerships.models import Agreement, AgreementItem, ItemShare
from partnerships.services import files
from partnerships.services.agreements import (
    AgreementFacts,
    add_file,
    add_item,
    change_agreement,
    confirm_signing,
    draft_agreement,
    end_agreement,
    finish_agreement,
    record_signing,
    remove_item,
    send_signing_back,
    sign_by_job,
    split_item,
    start_agreement,
)
from partnerships.services.seeding import seed_agreements
from partnerships.states import MOVES
from provinces.scoping import Scope, open_scope
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, person
from tests.factories.promises import PDF, days, firm, item, kept, promised, signed
from tests.partnerships.conftest import refusal

pytestmark = pytest.mark.django_db
TEHRANS, KHUZESTANS = Scope(provinces=frozenset({TEHRAN})), Scope(provinces=frozenset({KHUZESTAN}))


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM partnerships_agreementmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    assert set(MOVES) == set(AgreementState)


def test_the_memorandum_of_28_mehr_1404_is_there_as_it_was_told(country):
    seed_agreements()
    found = Agreement.objects.get(code="relief-1404")
    assert found.signed_on == parse_jalali("1404/07/28")
    assert found.state == AgreementState.SIGNED
    assert found.value_rial == 1_129_000_000_000 * 10
    assert found.source
    assert found.province is None
    lines = found.items.values_list("title", "purpose", "measure", "target", "unit", "due_on")
    assert list(lines) == [
        ("واحد مسکونی", "housing", "goods", 1_000, "واحد", None),
        ("سری جهیزیه", "dowry", "goods", 4_000, "سری", None),
        ("چرخ خیاطی برای کار در خانه", "employment", "goods", 2_000, "دستگاه", None),
        ("تجهیز مرکز اشتغال", "employment", "goods", 100, "مرکز", None),
        ("پنل خورشیدی ۵ کیلوواتی", "other", "goods", 1_000, "دستگاه", None),
    ]
    assert not ItemShare.objects.filter(item__agreement=found).exists(), "no split was told"
    assert Agreement.objects.count() == 1, "the other seventeen are a count only"


class TestLife:
    def test_an_empty_one_or_one_of_tomorrow_is_not_signed(self, country, expert):
        draft = draft_agreement(AgreementFacts(firm(), "پیش‌نویس", province=firm().province), actor=expert)
        work = lambda day: lambda: record_signing(draft.pk, signed_on=day, actor=expert)  # noqa: E731
        assert refusal(work(days(0))) == "agreement_is_empty"
        assert refusal(work(days(1))) == "day_to_come"

    def test_what_was_signed_stays_by_service_and_by_database(self, country, expert):
        made = signed()
        line = made.items.get()
        facts = AgreementFacts(made.partner, "عنوان دیگر", province=made.province)
        assert refusal(lambda: change_agreement(made.pk, facts, actor=expert)) == "agreement_is_signed"
        assert refusal(lambda: add_item(made.pk, item("دیگر"), actor=expert)) == "agreement_is_signed"
        assert refusal(lambda: remove_item(line.pk, actor=expert)) == "agreement_is_signed"
        for rows, change in (
            (Agreement.objects.filter(pk=made.pk), {"title": "دیگر"}),
            (Agreement.objects.filter(pk=made.pk), {"state": "draft"}),
            (Agreement.objects.filter(pk=made.pk), {"state": "finished"}),
            (AgreementItem.objects.filter(pk=line.pk), {"target": 1}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=made.pk).delete()

    def test_it_is_finished_when_all_has_come_and_otherwise_ended_with_a_reason(self, country, expert):
        made = signed(None, item(target=10), running=True)
        assert refusal(lambda: finish_agreement(made.pk, ending="", actor=expert)) == "agreement_is_not_done"
        kept(promised(10, item=made.items.get()))
        assert finish_agreement(made.pk, ending="", actor=expert).state == AgreementState.FINISHED
        other = signed()
        assert refusal(lambda: end_agreement(other.pk, ending=" ", actor=expert)) == "reason_required"
        assert end_agreement(other.pk, ending="بودجه نرسید", actor=expert).state == AgreementState.ENDED
        assert refusal(lambda: start_agreement(other.pk, actor=expert)) == "agreement_cannot_move"

    def test_money_and_goods_are_never_one_item(self, country, expert):
        made = signed(None, item("پول", 5_000_000, measure=Measure.CASH, purpose=Purpose.HOUSING), item())
        assert [(line.measure, line.unit) for line in made.items.all()] == [("cash", ""), ("goods", "سری")]


class TestTwoSign:
    def waiting(self, expert):
        draft = draft_agreement(AgreementFacts(firm(), "در انتظار", province=firm().province), actor=expert)
        add_item(draft.pk, item(), actor=expert)
        return record_signing(draft.pk, signed_on=days(0), actor=expert)

    def test_a_second_person_confirms_and_meanwhile_nothing_changes(self, country, expert):
        made, other = self.waiting(expert), person()
        line = made.items.get()
        facts = AgreementFacts(made.partner, "عنوان دیگر", province=made.province)
        assert refusal(lambda: change_agreement(made.pk, facts, actor=other)) == "agreement_waits"
        assert refusal(lambda: add_item(made.pk, item("دیگر"), actor=other)) == "agreement_waits"
        assert refusal(lambda: remove_item(line.pk, actor=other)) == "agreement_waits"
        assert refusal(lambda: record_signing(made.pk, signed_on=days(0), actor=other)) == "agreement_waits"
        assert refusal(lambda: start_agreement(made.pk, actor=other)) == "agreement_cannot_move"
        assert refusal(lambda: confirm_signing(made.pk, actor=expert)) == "own_signing"
        with open_scope(KHUZESTANS):
            assert refusal(lambda: confirm_signing(made.pk, actor=other)) == "not_found"
        done = confirm_signing(made.pk, actor=other)
        assert (done.state, done.signing_by, done.signed_by) == ("signed", expert, other)
        assert refusal(lambda: confirm_signing(made.pk, actor=other)) == "agreement_is_signed"

    def test_what_was_sent_back_is_a_draft_again(self, country, expert):
        made = self.waiting(expert)
        assert refusal(lambda: send_signing_back(made.pk, reason=" ", actor=person())) == "reason_required"
        send_signing_back(made.pk, reason="نسخه امضا ندارد", actor=person())
        made.refresh_from_db()
        assert (made.state, made.signing_by, made.signed_on) == ("draft", None, None)
        assert refusal(lambda: confirm_signing(made.pk, actor=person())) == "nothing_to_confirm"
        add_item(made.pk, item("دیگر"), actor=expert)

    def test_the_database_wants_two_persons(self, country, expert):
        made = self.waiting(expert)
        rows, now = Agreement.objects.filter(pk=made.pk), made.signing_at
        for change in (
            {"state": "signed"},
            {"state": "signed", "signed_by": expert, "signed_at": now},
            {"state": "signed", "signing_by": None, "signing_at": None},
            {"state": "signed", "made_by": None, "signing_by": None, "signing_at": None, "source": "روزنامه"},
            {"made_by": None},
            {"signing_by": person()},
            {"title": "دیگر"},
            {"signed_by": person(), "signed_at": now},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            made.items.update(target=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.create(
                code="x", partner=made.partner, title="x", state="signed", signed_on=days(0)
            )
        confirm_signing(made.pk, actor=person())
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(signed_by=person())

    def test_only_what_comes_with_the_portal_is_signed_by_nobody(self, country, expert):
        draft = draft_agreement(AgreementFacts(firm(), "پیش‌نویس", province=firm().province), actor=expert)
        add_item(draft.pk, item(), actor=expert)
        with pytest.raises(DatabaseError, match="two persons"), transaction.atomic():
            sign_by_job(draft.pk, signed_on=days(0), job="test")


class TestShares:
    def test_the_sum_is_never_more_than_the_item(self, country, expert):
        line = signed(None, item(target=100), province="").items.get()
        split_item(line.pk, {TEHRAN: 60, KHUZESTAN: 40}, actor=expert)
        assert refusal(lambda: split_item(line.pk, {ILAM: 1}, actor=expert)) == "share_too_large"
        split_item(line.pk, {TEHRAN: 30, ILAM: 30}, actor=expert)  # one falls while another begins
        split_item(line.pk, {KHUZESTAN: 0}, actor=expert)
        shares = dict(ItemShare.objects.filter(item=line).values_list("province", "quantity"))
        assert shares == {TEHRAN: 30, ILAM: 30}
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemShare.objects.create(item=line, province_id=KHUZESTAN, quantity=41)

    def test_a_share_is_not_cut_below_what_its_province_promised(self, country, expert):
        line = signed(firm(""), item(target=100), province="").items.get()
        split_item(line.pk, {KHUZESTAN: 50}, actor=expert)
        promised(40, item=line, province=KHUZESTAN)
        assert refusal(lambda: split_item(line.pk, {KHUZESTAN: 39}, actor=expert)) == "share_is_promised"
        work = lambda: promised(11, item=line, province=KHUZESTAN)  # noqa: E731
        assert refusal(work) == "promised_more_than_item"

    def test_a_province_sees_its_share_of_a_national_one_and_changes_nothing(self, country, expert):
        made = signed(firm(""), province="")
        line = made.items.get()
        split_item(line.pk, {TEHRAN: 10, KHUZESTAN: 20}, actor=expert)
        with open_scope(KHUZESTANS):
            assert list(agreements_in_sight()) == [made]
            [standing] = standings([made])[made.pk]
            assert [share.quantity for share in standing.shares] == [20]
            assert refusal(lambda: split_item(line.pk, {KHUZESTAN: 30}, actor=expert)) == "not_found"
            assert refusal(lambda: start_agreement(made.pk, actor=expert)) == "not_found"
        with open_scope(Scope(provinces=frozenset({ILAM}))):
            assert not agreements_in_sight().exists()


def test_files_are_sealed_and_only_of_known_kinds(country, expert):
    made = signed()
    row = add_file(made.pk, title="نسخهٔ امضاشده", file=BytesIO(PDF), actor=expert)
    stored = (Path(settings.MEDIA_ROOT) / row.path).read_bytes()
    assert PDF not in stored
    assert files.read(row.path) == (PDF, "application/pdf", "pdf")
    bad = lambda: add_file(made.pk, title="نه", file=BytesIO(b"<html>"), actor=expert)  # noqa: E731
    assert refusal(bad) == "bad_partner_file"


def test_the_list_costs_the_same_with_one_and_many(country, expert, django_assert_num_queries):
    for count in (1, 4):
        for _ in range(count):
            signed()
        with django_assert_num_queries(4):
            standings(list(find_agreements()))
    assert find_agreements(state="draft").count() == 0
    assert find_agreements(province=TEHRAN).count() == 5
