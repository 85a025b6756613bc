"""A small world: at least one row of everything that has an address, in Tehran or in the place that a test names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.models import (
    Box,
    Branch,
    Channel,
    Edition,
    Picture,
    Placement,
    Runbook,
    RunbookTask,
    StickerJob,
    TaskAttachment,
)
from campaigns.services.channels import propose_channel
from campaigns.services.code_batches import request_codes
from campaigns.services.editions import make_edition_code
from campaigns.services.needs import Item
from campaigns.services.pictures import add_news, add_picture
from campaigns.services.placements import create_box
from campaigns.services.sheet_prints import mark_printed
from campaigns.services.stickers import request_stickers
from cases.enums import CaseKind
from cases.models import Case
from cases.services.cases import open_case
from core import sms
from core.jalali import tehran_today
from core.models import BackupRun, User
from core.outbox import after_commit
from dashboards.closings import FACETS
from dashboards.models import ClosingFigures
from dashboards.rollups import fold_all
from donations.models import Donation, Receipt
from ledger.models import ClosedDay, ClosedMonth
from payments.enums import GatewayName, KeyMode, Way
from payments.models import (
    Attempt,
    Callback,
    CashCount,
    CashDeposit,
    CashDifference,
    CounterGift,
    HeldMoney,
    PartnerCall,
    Refund,
    TerminalProposal,
)
from payments.services.box_counts import count_box
from payments.services.cash_days import count_cash, decide_count, record_deposit
from payments.services.corrections import request_cancellation
from payments.services.held import Proposal, propose
from payments.services.partner_reports import report
from payments.services.proposals import propose_change
from payments.services.refunds import request_refund
from payments.services.settlement import settle
from payments.services.terminal_changes import facts_of
from payments.services.terminals import open_terminal
from provinces.enums import Role
from provinces.models import County, Office, Province
from provinces.scoping import all_provinces
from tests.architecture.url_table import ENDED, PASSWORD_ONLY, STRANGER
from tests.factories.aid import aid_rows
from tests.factories.boxes import collected
from tests.factories.campaigns import accepted, picture_bytes, published_branch
from tests.factories.care import care_case
from tests.factories.clients import client_rows
from tests.factories.counter import notes_for, take
from tests.factories.events import make_event
from tests.factories.gifts import attempt_for, finding, give, paid, receive
from tests.factories.goods import goods_rows
from tests.factories.leaving import people_rows
from tests.factories.lines import reconciling_rows
from tests.factories.needs import need
from tests.factories.network import network_rows
from tests.factories.partners import a_key, a_line, a_partner
from tests.factories.people import TEHRAN, TEHRAN_COUNTY, browser_of, office_for, person
from tests.factories.promises import promise_rows
from tests.factories.runbooks import make_runbook
from tests.factories.statement_files import statement_rows
from tests.factories.terminals import agree


@dataclass
class World:
    counter_gift: CounterGift
    cash_count: CashCount
    cash_deposit: CashDeposit
    person: User
    box: Box
    placement: Placement
    sheet: StickerJob
    donation: Donation
    attempt: Attempt
    receipt: Receipt
    refund: Refund
    case: Case
    held: HeldMoney
    channel: Channel
    proposal: TerminalProposal
    branch: Branch
    picture: Picture
    runbook: Runbook
    runbook_task: RunbookTask
    attachment: TaskAttachment
    rows: dict[str, Any]


def make_world(province: str, county: str = "") -> World:
    """The rows of a place, made by the services."""
    with all_provinces("test"):
        somebody = person(Role.PROVINCIAL_ACCOUNTANT, province)
        where = County.objects.get(code=county) if county else None
        box = create_box(province=Province.objects.get(code=province), county=where, actor=somebody)
        sheet = _finished(request_stickers([box.placement], somebody))
        mark_printed(_finished(request_stickers([box.placement], somebody)).pk, actor=somebody)
        place = {"province": province, "county": county}
        gift = receive(name="نیکوکار", mobile="+989121234567", **place)
        attempt = Attempt.objects.get(donation=gift)
        refunded = Attempt.objects.get(donation=receive(**place))
        refund = request_refund(refunded.pk, actor=somebody, reason="به درخواست نیکوکار")
        held, proposed = (of_another_amount(**place) for _ in range(2))
        propose(proposed.pk, Proposal(Way.ACCEPT_PAID, "با نیکوکار گفت‌وگو شد"), actor=somebody)
        case = open_case(CaseKind.ANSWER_MISFIT, f"attempt:{attempt.order_id}", province)
        callback = Callback.objects.create(gateway=GatewayName.ZARINPAL, attempt=attempt, payload={})
        terminal = open_terminal(
            office_for(Role.PROVINCIAL_EXPERT, province), "sep", label="پایانه", valid_from=tehran_today()
        )
        terminal = agree(terminal, deposit_ids={"general": "1234567890"}, credentials={"terminal_id": "1"})
        proposal = propose_change(
            terminal,
            replace(facts_of(terminal), label="نام تازه"),
            actor=person(Role.ADMINISTRATOR),
            reason="نامهٔ ۱۲۳",
        )
        channel = propose_channel(kind="app", name="برنامه", office=terminal.office, actor=somebody)
        BackupRun.objects.create()
        after_commit("cases.open_case", kind="books", subject="a", province=province)
        sms.queue("+989121234567", "متن", purpose="test")
        AccessAttempt.objects.create(username="x", ip_address="192.0.2.1", failures_since_start=1)
        counter = make_counter(province, county)
        rows = {
            "payments.callback": callback,
            "campaigns.codebatch": request_codes(
                kind="poster",
                title="پوستر",
                count=3,
                size="small",
                actor=somebody,
                province=Province.objects.get(code=province),
                county=where,
            ),
            "cases.carecase": care_case(province=province),
            "campaigns.need": need(
                province=province, county_id=county or None, items=(Item("بسته", 40, "بسته"),)
            ),
            **_reported(province, channel),
            **statement_rows(terminal.office),
            **_boxes(province, county, terminal.office),
            "campaigns.guest": make_event(province, county, actor=somebody),
            **reconciling_rows(terminal, attempt),
            **goods_rows(province, county),
            **aid_rows(**place),
            **people_rows(**place),
            **client_rows(province),
            **promise_rows(province, county),
            **network_rows(province, county),
            **_closed(province, somebody),
        }
        fold_all()
        return World(
            *counter,
            somebody,
            box,
            box.placement,
            sheet,
            gift,
            attempt,
            gift.receipt,
            refund,
            case,
            held,
            channel,
            proposal,
            *make_branch(province),
            *make_runbook(province, county),
            rows,
        )


def make_branch(province: str) -> tuple[Branch, Picture]:
    """A published branch with a picture and a piece of news, and the figures of an older one."""
    branch, somebody, file = published_branch(province), person(), BytesIO(picture_bytes(size=(200, 200)))
    picture = add_picture(branch, file, 1, alt="تصویر", actor=somebody)
    accepted(branch)
    add_news(branch, title="خبر", text="متن", on=tehran_today(), actor=somebody)
    make_edition_code(branch.edition_id, actor=somebody)
    older = Branch.objects.get(edition=Edition.objects.get(year=1447), province=province)
    facts = {"closed_on": tehran_today(), "taken_at": timezone.now(), "spent_rial": 0}
    parts = {facet: [] for facet in FACETS}
    ClosingFigures.objects.create(
        edition=older.edition, branch=older, total_rial=0, gifts=0, parts=parts, **facts
    )
    return branch, picture


def _boxes(province: str, county: str, office: Office) -> dict[str, Any]:
    """A box whose count waits for a second person."""
    count = count_box(collected(province, county), office, notes_for(500_000), actor=person())
    return {"payments.boxcount": count}


def _reported(province: str, channel: Channel) -> dict[str, Any]:
    """A partner of the place with a key of each kind, and a gift reported with each."""
    partner = a_partner(f"app-{province}", channel=channel)
    live, sandbox = a_key(partner), a_key(partner, KeyMode.SANDBOX)
    for key in (live, sandbox):
        PartnerCall.objects.create(key=key.key, signature=key.key.key_id.encode())
        report(key.key, [a_line("T-1", province=province)])
    return {"payments.partner": partner, "payments.partnerkey": live.key}


def of_another_amount(**place: str) -> HeldMoney:
    """Money whose bank says another amount than ours."""
    attempt = attempt_for(give(200_000, **place))
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=150_000))})
    return HeldMoney.objects.get(attempt=attempt)


def make_counter(province: str, county: str) -> tuple[CounterGift, CashCount, CashDeposit]:
    """A gift that may be cancelled, a count that waits, a slip that waits; all in one office."""
    office = office_for(Role.COUNTY_OFFICER if county else Role.PROVINCIAL_EXPERT, province, county)
    clerk, second, before = person(), person(), timezone.now() - timedelta(days=1)
    place = {"where": office, "actor": clerk, "province": province, "county": county}
    take(**place, at=before)
    counted = count_cash(office, notes_for(500_000), actor=clerk, at=before)
    decide_count(counted.pk, actor=second, approve=True)
    CashDifference.objects.create(
        count=counted, way="write_off", amount_rial=-1, reason="کسری", requested_by=clerk, state="refused",
        decided_by=second, decided_at=before,
    )  # fmt: skip
    photo = SimpleUploadedFile("slip.png", b"\x89PNG\r\n\x1a\n")
    deposit = record_deposit(
        office, [counted.pk], actor=clerk, bank="بانک", slip_number=province, on=tehran_today(), photo=photo
    )
    take(**place)
    waiting = count_cash(office, notes_for(500_000), actor=clerk)
    take(**place, way="cheque")
    request_cancellation(take(**place, way="pos").pk, actor=clerk, reason="اشتباه")
    return take(**place), waiting, deposit


def _finished(sheet: StickerJob) -> StickerJob:
    """As the long worker leaves it, without the drawing."""
    file = Path(settings.MEDIA_ROOT) / "stickers" / f"{sheet.pk}.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"%PDF-")
    sheet.state, sheet.ready_at, sheet.file.name = (
        StickerJob.State.READY,
        timezone.now(),
        f"stickers/{file.name}",
    )
    sheet.save()
    return sheet


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db) -> World:
    return make_world(TEHRAN, TEHRAN_COUNTY)


def visitor(kind: str, province: str = TEHRAN, county: str = TEHRAN_COUNTY) -> Client:
    """A browser of one of url_table.VISITORS."""
    if kind == STRANGER:
        browser = Client()
    elif kind == PASSWORD_ONLY:
        browser = browser_of(person(Role.ADMINISTRATOR, province), second_factor=False)
    elif kind == ENDED:
        user = person(Role.HQ_MANAGER, province, ends_on=tehran_today() - timedelta(days=1))
        browser = browser_of(user)
    else:
        role = Role(kind)
        browser = browser_of(person(role, province, county if role == Role.COUNTY_OFFICER else ""))
    browser.raise_request_exception = False
    return browser


def _closed(province: str, by) -> dict[str, Any]:
    """A day and a month long past, closed."""
    long_ago = date(2001, 3, 21)
    day = ClosedDay.objects.create(province_code=province, day=long_ago, closed_by=by)
    month = ClosedMonth.objects.create(province_code=province, starts_on=long_ago, closed_by=by)
    return {"ledger.closedday": day, "ledger.closedmonth": month}
