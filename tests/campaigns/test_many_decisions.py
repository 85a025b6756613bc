"""Deciding about many branches and changes at once: each by itself, four eyes kept, a verdict for every row."""

from __future__ import annotations

import pytest

from campaigns.enums import CampaignState as S
from campaigns.models import Branch
from campaigns.services.branches import Asked, ask_for, propose_branch, tell_story
from campaigns.services.plan_decisions import Seen, accept_many, return_many
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.campaigns import STORY, approved_branch, draft_branch, waiting_branch
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, browser_of, person
from tests.flows.test_races import run_together

WAITING = "/desk/campaigns/waiting/"


def seen(branch: Branch) -> Seen:
    return Seen(branch.pk, Branch.objects.get(pk=branch.pk).version)


def key(branch: Branch) -> str:
    return f"{branch.pk}-{Branch.objects.get(pk=branch.pk).version}"


def changed(branch: Branch, goal_rial: int = 90_000_000) -> Branch:
    """An approved branch of which somebody wishes another goal."""
    return ask_for(branch.pk, Asked(goal_rial), actor=person(Role.PROVINCIAL_EXPERT, branch.province_id))


def verdicts(answer) -> dict[str, tuple[bool, str]]:
    return {
        row["name"].rpartition("، ")[2]: (row["is_done"], row["why"]) for row in answer.context["verdicts"]
    }


@pytest.mark.usefixtures("db", "country")
class TestService:
    def test_branches_and_changes_together_each_by_itself(self):
        manager = person(Role.HQ_MANAGER)
        new, edited, own = waiting_branch(TEHRAN), changed(approved_branch(ILAM)), None
        own = waiting_branch(KHUZESTAN, actor=manager)
        done = accept_many([seen(new), seen(edited), seen(own)], actor=manager)
        assert [verdict.refusal for verdict in done] == ["", "", "own_plan"]
        states = dict(Branch.objects.values_list("province", "state"))
        assert (states[TEHRAN], states[KHUZESTAN]) == (S.APPROVED, S.DRAFT)
        edited.refresh_from_db()
        assert (edited.goal_rial, edited.edit, edited.approved_by) == (90_000_000, None, manager)

    def test_only_what_was_seen_is_accepted(self):
        branch = waiting_branch()
        at = seen(branch)
        tell_story(branch.pk, STORY + " بیشتر", actor=person(Role.PROVINCIAL_EXPERT))
        verdict = accept_many([at], actor=person(Role.PROVINCIAL_MANAGER))[0]
        assert verdict.refusal == "changed_meanwhile"
        verdict = return_many([at], actor=person(Role.PROVINCIAL_MANAGER), reason="کوتاه‌تر")[0]
        assert verdict.refusal == "changed_meanwhile"

    def test_the_same_click_again_is_the_same_yes_and_another_persons_is_not(self):
        branch, manager = waiting_branch(), person(Role.PROVINCIAL_MANAGER)
        at = seen(branch)
        assert [accept_many([at], actor=manager)[0].refusal for _ in range(2)] == ["", ""]
        assert accept_many([at], actor=person(Role.PROVINCIAL_MANAGER))[0].refusal == "no_edit"

    def test_returned_with_one_reason(self):
        new, edited = waiting_branch(TEHRAN), changed(approved_branch(ILAM))
        mine = changed(approved_branch(KHUZESTAN))
        manager = person(Role.HQ_MANAGER)
        Branch.objects.filter(pk=mine.pk).update(edit_by=manager)
        done = return_many([seen(new), seen(edited), seen(mine)], actor=manager, reason="هدف را بازبینی کنید")
        assert [verdict.refusal for verdict in done] == ["", "", "own_plan"]
        for branch in (new, edited):
            branch.refresh_from_db()
        assert (new.state, new.is_waiting, new.returned_reason) == (S.DRAFT, False, "هدف را بازبینی کنید")
        assert (edited.has_edit_waiting, edited.edit_returned) == (False, "هدف را بازبینی کنید")

    def test_another_provinces_branch_is_none_of_ones_own(self):
        branch = waiting_branch(ILAM)
        at = seen(branch)
        with open_scope(Scope(provinces=frozenset({TEHRAN}))):
            assert accept_many([at], actor=person(Role.PROVINCIAL_MANAGER)) == []
            assert return_many([at], actor=person(Role.PROVINCIAL_MANAGER), reason="x") == []
        branch.refresh_from_db()
        assert branch.is_waiting


def test_two_managers_who_say_yes_to_all_at_once_approve_each_once(live_db, country):
    branches = [waiting_branch(province) for province in (TEHRAN, ILAM, KHUZESTAN)]
    chosen = [seen(branch) for branch in branches]
    found: list[list[str]] = []

    def decide(manager, order: int) -> None:
        found.append([verdict.refusal for verdict in accept_many(chosen[::order], actor=manager)])

    managers = [person(Role.HQ_MANAGER) for _ in range(2)]
    assert run_together(lambda: decide(managers[0], 1), lambda: decide(managers[1], -1)) == []
    assert sorted(code for codes in found for code in codes).count("") == 3
    assert set(Branch.objects.filter(pk__in=[b.pk for b in branches]).values_list("state", flat=True)) == {
        S.APPROVED
    }


# --- the page --------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("db", "country")
class TestPage:
    def test_headquarters_says_yes_to_several_provinces_with_one_press(self):
        manager = person(Role.HQ_MANAGER)
        hq = browser_of(manager)
        new, edited = waiting_branch(TEHRAN), changed(approved_branch(ILAM))
        own = waiting_branch(KHUZESTAN, actor=manager)
        page = hq.get(WAITING)
        assert [row["is_own"] for row in page.context["rows"]].count(True) == 1
        assert f'value="{key(own)}"' not in page.content.decode()
        answer = hq.post(WAITING, {"many": "accept", "branch": [key(new), key(edited), key(own)]})
        told = verdicts(answer)
        assert [told[name][0] for name in ("تهران", "ایلام", "خوزستان")] == [True, True, False]
        assert "خودش آن را تأیید نمی‌کند" in told["خوزستان"][1]
        assert [row["key"] for row in answer.context["rows"]] == [key(own)]

    def test_all_of_the_page_are_those_of_others(self):
        manager = person(Role.PROVINCIAL_MANAGER)
        branch = waiting_branch(TEHRAN)
        answer = browser_of(manager).post(
            WAITING, {"many": "accept", "branch": "all", "shown": [key(branch)]}
        )
        assert verdicts(answer)["تهران"] == (True, "")
        assert not answer.context["rows"]

    def test_a_manager_sees_and_decides_only_the_own_province(self):
        here, elsewhere = waiting_branch(TEHRAN), waiting_branch(ILAM)
        manager = browser_of(person(Role.PROVINCIAL_MANAGER))
        assert [row["key"] for row in manager.get(WAITING).context["rows"]] == [key(here)]
        answer = manager.post(WAITING, {"many": "accept", "branch": [key(elsewhere)]})
        assert answer.context["verdicts"] == []
        elsewhere.refresh_from_db()
        assert elsewhere.is_waiting

    def test_returning_asks_for_a_reason(self):
        branch = waiting_branch(TEHRAN)
        manager = browser_of(person(Role.PROVINCIAL_MANAGER))
        answer = manager.post(WAITING, {"many": "return", "branch": [key(branch)]})
        assert answer.context["problem"]
        assert not answer.context["verdicts"]
        facts = {"many": "return", "branch": [key(branch)], "many-reason": "تصويری بگذاريد"}
        assert verdicts(manager.post(WAITING, facts))["تهران"][0]
        branch.refresh_from_db()
        assert branch.returned_reason == "تصویری بگذارید"

    @pytest.mark.parametrize("ticked", [[], ["x-1"], ["1"], ["-1-1"], ["۱-۱"], ["999999-1"]])
    def test_nothing_and_nonsense_change_nothing(self, ticked):
        branch = waiting_branch(TEHRAN)
        answer = browser_of(person(Role.PROVINCIAL_MANAGER)).post(
            WAITING, {"many": "accept", "branch": ticked}
        )
        assert answer.status_code == 200
        assert not answer.context["verdicts"]
        branch.refresh_from_db()
        assert branch.is_waiting

    def test_what_is_wished_stands_in_the_row_and_a_script_is_text(self):
        branch = approved_branch(TEHRAN)
        changed(branch, 120_000_000)
        tell_story(branch.pk, "<script>alert(1)</script>", actor=person(Role.PROVINCIAL_EXPERT))
        page = browser_of(person(Role.PROVINCIAL_MANAGER)).get(WAITING).content.decode()
        assert "۵ میلیون تومان ← ۱۲ میلیون تومان" in page or "۱۲" in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_as_many_queries_for_one_as_for_many(self, django_assert_max_num_queries):
        hq = browser_of(person(Role.HQ_MANAGER))
        waiting_branch(TEHRAN)
        hq.get(WAITING)
        with django_assert_max_num_queries(60) as few:
            hq.get(WAITING)
        for province in ("00", "01", "02", "03", ILAM):
            waiting_branch(province)
        with django_assert_max_num_queries(len(few)):
            hq.get(WAITING)

    def test_the_lists_lead_to_it_with_their_number(self):
        waiting_branch(TEHRAN)
        propose_branch(draft_branch(ILAM).pk, actor=person(Role.PROVINCIAL_EXPERT, ILAM))
        page = browser_of(person(Role.HQ_MANAGER)).get("/hq/campaigns/").content.decode()
        assert f'href="{WAITING}"' in page
        assert "(۲)" in page
        page = browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/campaigns/").content.decode()
        assert "(۱)" in page
        page = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/campaigns/").content.decode()
        assert WAITING not in page
