"""Restricted money stays with its purpose: refused with the rule by the service, and by the database past it."""

import pytest
from django.db import IntegrityError, connection, transaction

from aid.enums import FirewallRule
from aid.models import Allocation, AllocationShare, Delivery
from aid.services import deliveries
from aid.services.allocations import decide
from campaigns.enums import NeedState
from campaigns.models import Edition, Fund, Need
from core.errors import DomainError
from core.invariants import run_checks
from provinces.models import County, Province
from tests.factories.aid import allocated, delivered, evidence, pool_of_gift, proposed
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, person

pytestmark = pytest.mark.usefixtures("db", "country")


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == "fund_firewall"
    assert refusal.value.data["text"]
    return refusal.value.data["rule"]


def refused_below(gift, **facts) -> str:
    """The rule by which the database refuses the same row."""
    values = {
        "amount_rial": 1,
        "programme": "برنامه",
        "province_id": gift.province_id,
        "county_id": gift.county_id,
    }
    values |= facts
    if values.get("need") is not None:
        values["programme"] = ""
    with pytest.raises(IntegrityError, match="fund_firewall") as refusal, transaction.atomic():
        Allocation.objects.create(pool=pool_of_gift(gift), proposed_by=person(), **values)
    return str(refusal.value).split("fund_firewall ")[1].split(":")[0]


@pytest.mark.parametrize(
    ("fund", "purpose"),
    [
        ("fitriyeh_general", "fitriyeh_sadat"),  # never to sadat
        ("fitriyeh_general", "livelihood"),
        ("kaffarah_deliberate", "livelihood"),
        ("fidyah", "treatment"),
        ("zakat_mal", "livelihood"),
        ("dowry", "housing"),
        ("general", "fitriyeh"),
    ],
)
def test_a_fund_pays_for_its_purposes_only(fund, purpose):
    gift = receive(fund=fund)
    assert refused(lambda: proposed(gift, purpose=purpose)) == FirewallRule.PURPOSE
    assert refused_below(gift, purpose=purpose) == "purpose"


@pytest.mark.parametrize(
    ("fund", "purpose"),
    [
        ("fitriyeh_sadat", "fitriyeh"),
        ("fitriyeh_sadat", "fitriyeh_sadat"),
        ("zakat_mal", "zakat"),
        ("general", "dowry"),
    ],
)
def test_what_a_fund_allows_goes_through(fund, purpose):
    assert allocated(receive(fund=fund), purpose=purpose).state == "approved"


def test_a_need_is_paid_for_what_it_is():
    gift = receive(fund="general", province="23")
    wanted = need("dowry")
    assert refused(lambda: proposed(gift, need=wanted, purpose="housing")) == FirewallRule.NEED_KIND
    assert refused_below(gift, need=wanted, purpose="housing") == "need_kind"
    unseen = need("dowry", state=NeedState.FOUND)
    assert refused(lambda: proposed(gift, need=unseen, purpose="dowry")) == FirewallRule.NEED_STATE
    assert refused_below(gift, need=unseen, purpose="dowry") == "need_state"


def test_what_was_given_to_a_need_goes_to_it_and_its_surplus_to_its_like():
    wanted, other = need(), need()
    gift = receive(fund="livelihood", need=wanted.code)
    assert refused(lambda: proposed(gift, need=other)) == FirewallRule.NEED_POOL
    assert refused_below(gift, need=other, purpose="livelihood") == "need_pool"
    Need.objects.filter(pk=wanted.pk).update(state=NeedState.FUNDED)
    assert allocated(gift, need=other).need == other


def test_a_campaign_gift_stays_with_the_purposes_of_its_campaign():
    edition = Edition.objects.get(campaign__slug="mosbat-mah", state="open")
    gift = receive(fund="sadaqah", campaign="mosbat-mah")
    Edition.objects.filter(pk=edition.pk).update(fund_codes=["livelihood", "dowry"])
    assert refused(lambda: proposed(gift, purpose="housing")) == FirewallRule.CAMPAIGN
    assert refused_below(gift, purpose="housing") == "campaign"
    assert allocated(gift, 1_000, purpose="dowry").state == "approved"
    assert allocated(gift, 1_000, purpose="housing", moved_because="نامهٔ ۱۲").state == "approved"


def test_a_province_keeps_its_gifts_unless_the_fund_may_move_and_somebody_says_why():
    there = {"province": Province.objects.get(pk=KHUZESTAN)}
    dowry, general = receive(fund="dowry", province="23"), receive(fund="general", province="23")
    for gift in (dowry, general):
        assert refused(lambda gift=gift: proposed(gift, purpose="dowry", **there)) == FirewallRule.PLACE
        assert refused_below(gift, purpose="dowry", province_id=KHUZESTAN) == "place"
    moved = {"purpose": "dowry", "moved_because": "سیل خوزستان"}
    assert refused(lambda: proposed(dowry, **moved, **there)) == FirewallRule.PLACE
    assert refused_below(dowry, **moved, province_id=KHUZESTAN) == "place"
    assert allocated(general, **moved, **there).province_id == KHUZESTAN


def test_a_county_keeps_its_gifts():
    gift = receive(fund="dowry", province="23", county="2301")
    other = County.objects.filter(province="23").exclude(pk="2301").first()
    assert refused(lambda: proposed(gift, county=other)) == FirewallRule.PLACE
    assert refused_below(gift, purpose="dowry", county_id=other.pk) == "place"


def test_a_nazr_names_its_gift_and_its_intention():
    gift, other = receive(fund="nazr", message="برای عروسک یک کودک"), receive(fund="nazr")
    assert refused(lambda: proposed(gift, 10)) == FirewallRule.NAZR
    assert refused(lambda: proposed(gift, 10, gifts=[gift.tracking_code])) == FirewallRule.NAZR
    assert refused_below(gift, purpose="nazr", intention="عروسک") == "nazr"
    found = allocated(gift, gifts=[gift.tracking_code], intention="عروسک")
    assert [share.donation for share in found.shares.all()] == [gift]
    assert not other.shares.exists()


@pytest.mark.parametrize("fund", ["kaffarah_deliberate", "kaffarah_non_deliberate", "fidyah"])
def test_kaffarah_and_fidyah_are_delivered_as_food_only(fund):
    found = allocated(receive(fund=fund), 400_000)
    assert refused(lambda: delivered(found, form="cash")) == FirewallRule.FOOD_ONLY
    facts = evidence(1, form="cash")
    with pytest.raises(IntegrityError, match="food_only"), transaction.atomic():
        Delivery.objects.create(
            allocation=found,
            recorded_by=person(),
            amount_rial=1,
            first_signatory=facts.first,
            second_signatory=facts.second,
            **{
                name: getattr(facts, name)
                for name in ("form", "what", "quantity", "unit", "households", "delivered_on")
            },
        )
    assert delivered(found).allocation.state == "delivered"


def test_a_delivery_stays_where_the_allocation_is():
    found = allocated(receive(fund="livelihood", province="23"))
    there = Province.objects.get(pk=KHUZESTAN)
    assert (
        refused(lambda: deliveries.deliver(found.pk, evidence(1, province=there), actor=person())) == "place"
    )


def test_a_gift_of_another_fund_cannot_be_slipped_into_an_allocation():
    found = allocated(receive(fund="livelihood"))
    for gift in (receive(fund="kaffarah_deliberate"), receive(fund="livelihood", province="23")):
        with pytest.raises(IntegrityError, match="fund_firewall gift"), transaction.atomic():
            AllocationShare.objects.create(allocation=found, donation=gift, amount_rial=1)


def test_rules_are_asked_again_when_it_is_approved():
    found = proposed(receive(fund="livelihood"))
    Fund.objects.filter(pk="livelihood").update(spendable_on=["food"])
    assert refused(lambda: decide(found.pk, actor=person(), approve=True)) == FirewallRule.PURPOSE
    with pytest.raises(IntegrityError, match="fund_firewall purpose"), transaction.atomic():
        Allocation.objects.filter(pk=found.pk).update(
            state="approved", decided_by=person(), decided_at=found.proposed_at
        )


def test_a_rule_that_was_broken_behind_the_guards_is_named_by_the_checks():
    found = allocated(receive(fund="livelihood"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE aid_allocation SET purpose = 'housing'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    findings = [f for result in run_checks() for f in result.findings]
    assert f"allocation {found.pk} spends fund livelihood on housing" in findings
