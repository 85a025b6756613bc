"""Two at once on one branch, each committing in a fresh database."""

from __future__ import annotations

import threading

from django.db import connection

from campaigns.enums import CampaignState as S
from campaigns.models import Campaign, Edition, Fund, Placement
from campaigns.services.branches import Asked, approve_branch, ask_for, create_branch, open_branch
from campaigns.services.editions import close_edition
from campaigns.services.own_campaigns import begin_own_campaign
from core.errors import DomainError
from core.models import AuditEntry
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import all_provinces
from tests.factories.campaigns import OPEN_WITHOUT_BRANCHES, approved_branch, waiting_branch
from tests.factories.people import TEHRAN, person


def at_once(*acts) -> list[str]:
    """What each act was told: "" for done, else the code of the refusal; sorted."""
    told, gate = [None] * len(acts), threading.Barrier(len(acts))

    def run(number: int) -> None:
        try:
            with all_provinces("test"):
                gate.wait()
                acts[number]()
                told[number] = ""
        except DomainError as error:
            told[number] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_two_approvers(live_db, country):
    branch = waiting_branch()
    first, second = person(Role.PROVINCIAL_MANAGER), person(Role.HQ_MANAGER)
    told = at_once(*(lambda who=who: approve_branch(branch.pk, actor=who) for who in (first, second)))
    assert told == ["", "not_waiting"]
    assert Placement.objects.filter(branch=branch).count() == 1
    assert AuditEntry.objects.filter(action="branch.approve").count() == 1


def test_approving_and_correcting(live_db, country):
    branch, manager = waiting_branch(), person(Role.PROVINCIAL_MANAGER)
    told = at_once(
        lambda: approve_branch(branch.pk, actor=manager, version=branch.version),
        lambda: ask_for(branch.pk, Asked(999), actor=person(), version=branch.version),
    )
    branch.refresh_from_db()
    assert told == ["", "changed_meanwhile"]
    assert (branch.state == S.APPROVED) == (branch.goal_rial != 999)


def test_opening_a_branch_while_its_edition_closes(live_db, country):
    branch = approved_branch()
    told = at_once(
        lambda: open_branch(branch.pk, actor=person()),
        lambda: close_edition(branch.edition_id, actor=person(), text="پایان"),
    )
    branch.refresh_from_db()
    assert (told, branch.state) in ((["", ""], S.CLOSED), (["", "edition_not_open"], S.APPROVED))


def test_one_branch_for_two_who_begin(live_db, country):
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    begin = lambda: create_branch(edition, Province.objects.get(code=TEHRAN), actor=person())  # noqa: E731
    assert at_once(begin, begin) == ["", "branch_exists"]


def test_two_campaigns_of_a_province_begun_at_once_get_two_addresses(live_db):
    with all_provinces("test"):
        tehran, fund = Province.objects.get(code=TEHRAN), Fund.objects.get(code="livelihood")
        said = {"name": "گرمای خانه", "summary": "بخاری", "year": 1405, "fund": fund}
        begin = lambda: begin_own_campaign(tehran, **said, actor=person())  # noqa: E731
        assert at_once(begin, begin) == ["", ""]
        assert set(Campaign.objects.filter(only_in=TEHRAN).values_list("slug", flat=True)) == {
            "tehran-1", "tehran-2",
        }  # fmt: skip
