"""A month of all channels: what each of them took, what their files and the bank say, and what does not fit.

Gifts are made by the services with a given time and recorded evidence, no bank is called. Then the files are taken in
like any others. Everything fits but what PLANTED tells.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction

from core.jalali import TEHRAN, tehran_today
from core.models import User
from dashboards import demo_files as files
from dashboards.demo import DEMO_SOURCE
from dashboards.demo_files import AtBank, Paid
from dashboards.rollups import fold_all
from donations.services.donations import Wish, create_donation
from payments.enums import CounterWay, DiscrepancyKind, KeyMode
from payments.gateways.base import Answer, CallbackHint, Outcome, Question
from payments.models import Denomination, Discrepancy, PartnerKey, StatementImport, StatementSource, Terminal
from payments.services.attempts import record_attempt
from payments.services.cash_days import count_cash, decide_count, record_deposit
from payments.services.counter import CounterWish, SlipFacts, take_gift
from payments.services.imports import read_import, take_file
from payments.services.matching import match_import
from payments.services.partner_demo import KEY as PARTNER
from payments.services.partner_demo import SOURCE_KEY as PARTNER_FILE
from payments.services.partner_reports import report as report_as_partner
from payments.services.reconciliation import reconcile
from payments.services.settlement import Finding, settle
from provinces.enums import OfficeLevel
from provinces.models import Office

DAYS = 29  # with gifts; the bank's statement goes on for a day
EQUAL_GIFTS, EQUAL_RIAL, EQUAL_ON = 500, 50_000, 10
REPORT, SETTLEMENT, BANK = "demo-zibal-report", "demo-zibal-settlement", "demo-bank"
USSD, APP, POS = "demo-ussd", "demo-app", "demo-pos"
_TOMAN = (10, 20, 20, 50, 50, 100, 100, 200, 500, 1_000)  # thousands
_FUNDS = ("general", "sadaqah", "livelihood", "dowry", "treatment", "orphan")
_WAGE, _USSD_FEE, _APP_FEE = 1_200, 800, 2_000
_WEEK = 7


@dataclass(frozen=True)
class Planted:
    """Something that does not fit: its kind, the source whose file shows it, and by what it is known again, which is
    the payout's name or the amount in rials."""

    kind: DiscrepancyKind
    source: str
    mark: str


MISSING_HERE_RIAL, TWIN_RIAL, DIFFERS_RIAL = 7_770_000, 5_550_000, 4_440_000
MISSING_THERE_RIAL = (3_330_000, 3_340_000)
PARTNER_OURS_RIAL, PARTNER_THEIRS_RIAL = 2_220_000, 22_200_000
UNKNOWN_REVERSAL_RIAL, UNKNOWN_DEBIT_RIAL = 6_660_000, 1_230_000
UNKNOWN_DEPOSITS_RIAL = (1_110_000, 9_120_000, 910_000)
WRONG_TOTAL_ON, NEVER_PAID_ON, SHORT_AT_BANK_ON = 5, 8, 26
SHORT_BY_RIAL = 100_000
UNREAD_LINES = 2
KIND = DiscrepancyKind


def zibal_payout(day: int) -> str:
    """The name of the payout of a day of the month."""
    return f"DEMO-Z-{day:02}"


PLANTED = (
    Planted(KIND.MISSING_HERE, REPORT, str(MISSING_HERE_RIAL)),
    *(Planted(KIND.MISSING_THERE, REPORT, str(rial)) for rial in MISSING_THERE_RIAL),
    Planted(KIND.AMOUNT_DIFFERS, REPORT, str(DIFFERS_RIAL * 10)),
    Planted(KIND.TWIN_OR_REPEAT, REPORT, str(TWIN_RIAL)),
    Planted(KIND.FEE_DIFFERS, SETTLEMENT, zibal_payout(WRONG_TOTAL_ON)),
    Planted(KIND.PAYOUT_MISSING, SETTLEMENT, zibal_payout(NEVER_PAID_ON)),
    Planted(KIND.AMOUNT_DIFFERS, BANK, zibal_payout(SHORT_AT_BANK_ON)),
    *(Planted(KIND.UNKNOWN_DEPOSIT, BANK, str(rial)) for rial in UNKNOWN_DEPOSITS_RIAL),
    Planted(KIND.MISSING_HERE, BANK, str(UNKNOWN_DEBIT_RIAL)),
    Planted(KIND.MISSING_HERE, USSD, str(UNKNOWN_REVERSAL_RIAL)),
    Planted(KIND.AMOUNT_DIFFERS, PARTNER_FILE, str(PARTNER_THEIRS_RIAL)),
)


def found() -> list[Planted]:
    """What reconciling holds open for a person at the month's sources, in the words of PLANTED."""
    rows = Discrepancy.objects.filter(settled_at=None, source__key__in=SOURCES).select_related(
        "source", "line", "payout"
    )
    return [Planted(KIND(row.kind), row.source.key, _mark(row)) for row in rows.order_by("pk")]


def _mark(row: Discrepancy) -> str:
    named = row.payout.ref if row.payout else row.line.payout_ref if row.line else ""
    is_about_payout = row.payout or row.kind == KIND.FEE_DIFFERS or (row.source.key == BANK and named)
    return named if is_about_payout else str(row.their_rial or row.our_rial)


SOURCES = (REPORT, SETTLEMENT, BANK, USSD, APP, POS, PARTNER_FILE)


def seed_month(people: dict[str, User], report: Callable[[str], None]) -> None:
    """The month that ended yesterday, its files, and the books reconciled. Does nothing when it is there.

    `people` are the demo's: hq.accountant and hq.manager count the counter's cash.
    """
    if StatementImport.objects.filter(source__key=REPORT).exists():
        return
    month = _Month(people["hq.accountant"], people["hq.manager"])
    month.give()
    report("a month of all channels: given")
    month.send_files()
    reconcile([month.office.pk])
    fold_all()
    report(f"a month of all channels: reconciled, {len(found())} for a person")


class _Month:
    """Gathers what each channel took and what the bank shows of it."""

    def __init__(self, clerk: User, second: User) -> None:
        self.office = Office.objects.get(level=OfficeLevel.HQ)
        self._clerk, self._second = clerk, second
        self._dice = random.Random(1405)  # noqa: S311 - not for secrets
        self._first = tehran_today() - timedelta(days=DAYS + 1)
        self._at_bank: list[AtBank] = []
        self._settled: list[Paid] = []
        self._reported: list[Paid] = []
        self._lines: dict[str, list[Paid]] = {USSD: [], APP: [], POS: [], PARTNER_FILE: []}
        self._numbers = 0

    def give(self) -> None:
        """Everything that was given, known here or not."""
        for day in range(DAYS):
            self._by_zibal(day)
        self._plant_at_zibal()
        self._by_ussd()
        self._by_app()
        self._by_card_reader()
        self._by_partner()
        self._by_cash()
        self._strange_at_bank()

    # --- the gateway -------------------------------------------------------------------------------------
    def _by_zibal(self, day: int) -> None:
        wishes = [self._rial() for _ in range(11)]
        paid = self._pay(day, wishes)
        payout = zibal_payout(day)
        self._reported += paid
        settled = [replace(p, payout=payout, fee_rial=_WAGE) for p in paid]
        if day == 12:
            settled.append(Paid(0, self._at(day, 22), 50_000, "fee", payout))
        if day == 20:  # the bank took back what it had paid out two days before
            before = [p for p in self._settled if p.payout == zibal_payout(day - 2) and p.kind == "payment"]
            lost = min(before, key=lambda p: p.rial)
            settled.append(replace(lost, at=self._at(day, 21), kind="reversal", payout=payout, fee_rial=0))
        self._settled += settled
        net = sum(p.rial - p.fee_rial if p.kind == "payment" else -p.rial for p in settled)
        total = net - 10_000 if day == WRONG_TOTAL_ON else net
        self._settled.append(Paid(0, self._at(day, 23), total, "payout", payout))
        if day != NEVER_PAID_ON:
            shown = net - SHORT_BY_RIAL if day == SHORT_AT_BANK_ON else net
            self._at_bank.append(AtBank(self._at(day + 1, 9), shown, "تسویهٔ درگاه", payout))

    @transaction.atomic
    def _pay(self, day: int, amounts: Iterable[int]) -> list[Paid]:
        """Gifts through the gateway, paid and verified; what the gateway would tell of them."""
        terminal = Terminal.objects.get(gateway="zibal", office=self.office)
        findings, paid = {}, []
        at = self._at(day, self._dice.randint(8, 20))
        for rial in amounts:
            number = self._next()
            wish = Wish(
                amount_rial=rial, fund=self._dice.choice(_FUNDS), province=self._dice.choice(("", "23", "10"))
            )
            donation = create_donation(wish, at=at, is_demo=True)
            attempt = record_attempt(donation, terminal, str(99_000_000_000 + number), at)
            attempt.refresh_from_db()
            rrn = f"{990_000_000_000 + number}"
            answer = Answer(
                Outcome.SUCCESS, code="demo", message=DEMO_SOURCE, reference=rrn, rrn=rrn, amount_rial=rial,
                order_id=str(attempt.order_id), terminal="demo", token=attempt.token,
                card_masked=files.CARD.format(number % 10_000),
            )  # fmt: skip
            hint = CallbackHint(token=attempt.token, claims_paid=True)
            question = Question(str(attempt.order_id), rial, attempt.token, hint=hint)
            findings[attempt.pk] = Finding(question, answer, "demo")
            seen_at = at + timedelta(seconds=50)
            paid.append(
                Paid(number, seen_at, rial, token=attempt.token, order=str(attempt.order_id), rrn=rrn)
            )
        settle(findings, now=at + timedelta(seconds=50))
        return paid

    def _plant_at_zibal(self) -> None:
        self._pay(14, MISSING_THERE_RIAL)
        number = self._next()
        stranger = Paid(
            number,
            self._at(15, 13),
            MISSING_HERE_RIAL,
            token=f"{98_000_000_000 + number}",
            rrn=f"{number:012}",
        )
        wrong, twin = self._pay(16, (DIFFERS_RIAL, TWIN_RIAL))
        self._reported += [
            stranger, replace(wrong, rial=DIFFERS_RIAL * 10), twin,
            replace(twin, token=f"{97_000_000_000 + number}", rrn=""),
        ]  # fmt: skip
        payout = "DEMO-Z-LATE"
        late = [replace(p, payout=payout, fee_rial=_WAGE) for p in (wrong, twin)]
        self._settled += late
        net = sum(p.rial - p.fee_rial for p in late)
        self._at_bank.append(AtBank(self._at(18, 9), net, "تسویهٔ درگاه", payout))

    # --- operators, apps, card readers --------------------------------------------------------------------
    def _by_ussd(self) -> None:
        rows = self._lines[USSD]
        for day in range(DAYS - 1):
            amounts = [self._rial() for _ in range(12)]
            if day == EQUAL_ON:
                amounts += [EQUAL_RIAL] * EQUAL_GIFTS
            rows += [self._taken(day, rial, f"DEMO-U-{day // _WEEK}", _USSD_FEE) for rial in amounts]
        lost = next(p for p in rows if p.rial > EQUAL_RIAL)
        again = {"at": self._at(9, 11), "kind": "reversal", "fee_rial": 0}
        rows.append(replace(lost, txn=f"{lost.txn}-R", payout="DEMO-U-1", **again))
        stranger = self._taken(19, UNKNOWN_REVERSAL_RIAL, "", 0)
        rows.append(replace(stranger, kind="reversal"))
        self._pay_out(USSD, "تسویهٔ کد دستوری")

    def _by_app(self) -> None:
        rows = self._lines[APP]
        for day in range(DAYS - 1):
            rows += [self._taken(day, self._rial(), f"DEMO-A-{day // _WEEK}", _APP_FEE) for _ in range(10)]
            rows.append(replace(self._taken(day, self._rial(), "", 0), kind="failed"))
        self._pay_out(APP, "تسویهٔ برنامهٔ پرداخت")

    def _pay_out(self, source: str, text: str) -> None:
        """A credit at the bank for each payout that the lines name, two days after its last one."""
        nets: dict[str, int] = {}
        days: dict[str, date] = {}
        for p in self._lines[source]:
            if p.payout:
                net = -p.rial if p.kind == "reversal" else p.rial - p.fee_rial
                nets[p.payout] = nets.get(p.payout, 0) + net
                days[p.payout] = max(days.get(p.payout, files.day_of(p.at)), files.day_of(p.at))
        for payout, net in nets.items():
            at = self._at((days[payout] - self._first).days + 2, 8)
            self._at_bank.append(AtBank(at, net, text, payout))

    def _by_card_reader(self) -> None:
        """Payments at the counter's card reader; the clerk wrote one a day down. The bank names no payout."""
        for day in range(DAYS - 1):
            # The bank's credit is known by its amount alone, so no two days may have the same.
            amounts = [self._rial() + 1_000 * day, *(self._rial() for _ in range(5))]
            rows = [self._taken(day, rial, "", 0) for rial in amounts]
            self._lines[POS] += rows
            slip = SlipFacts(
                files.TERMINAL, rows[0].rrn, f"{rows[0].number % 10**6:06}", files.day_of(rows[0].at)
            )
            self._at_counter(CounterWay.POS, rows[0].rial, rows[0].at, slip)
            self._at_bank.append(AtBank(self._at(day + 1, 10), sum(p.rial for p in rows), "تسویهٔ کارت‌خوان"))

    def _by_partner(self) -> None:
        """Most payments are reported at once; the file brings the rest."""
        told, rows = [], self._lines[PARTNER_FILE]
        for day in range(DAYS - 1):
            rows += [self._taken(day, self._rial(), f"DEMO-P-{day // _WEEK}", _APP_FEE) for _ in range(5)]
        rows.append(self._taken(17, PARTNER_OURS_RIAL, "DEMO-P-2", _APP_FEE))
        told = [self._as_reported(p) for n, p in enumerate(rows) if n % 20 or p.rial == PARTNER_OURS_RIAL]
        rows[-1] = replace(rows[-1], rial=PARTNER_THEIRS_RIAL)
        key = PartnerKey.objects.select_related("partner__channel", "partner__fund").get(
            partner__key=PARTNER, mode=KeyMode.LIVE, revoked_at=None
        )
        verdicts = {outcome.verdict for outcome in report_as_partner(key, told)}
        if verdicts != {"accepted"}:
            raise RuntimeError(f"the demo's partner was told {verdicts}")
        self._pay_out(PARTNER_FILE, "تسویهٔ همکار پرداخت")

    def _as_reported(self, p: Paid) -> dict[str, object]:
        return {
            "partner_txn_id": p.txn, "amount_rial": p.rial, "fund": "general", "province": "23",
            "paid_at": p.at.isoformat(), "rrn": p.rrn,
        }  # fmt: skip

    def _taken(self, day: int, rial: int, payout: str, fee_rial: int) -> Paid:
        number = self._next()
        at = self._at(day, self._dice.randint(7, 21), self._dice.randint(0, 59), self._dice.randint(0, 59))
        return Paid(
            number,
            at,
            rial,
            payout=payout,
            fee_rial=fee_rial,
            rrn=f"{880_000_000_000 + number}",
            txn=f"DEMO-{number}",
        )

    # --- the counter --------------------------------------------------------------------------------------
    def _by_cash(self) -> None:
        """Cash of every week is counted by one, confirmed by another and paid in the day after."""
        note = Denomination.objects.get(value_rial=100_000)
        for week in range(DAYS // _WEEK):
            last, total = (week + 1) * _WEEK - 1, 0
            for day in range(week * _WEEK, last + 1, 2):
                rial = 100_000 * self._dice.randint(5, 90)
                total += rial
                self._at_counter(CounterWay.CASH, rial, self._at(day, 11))
            count = count_cash(
                self.office, {note.pk: total // 100_000}, actor=self._clerk, at=self._at(last, 16)
            )
            decide_count(count.pk, actor=self._second, approve=True)
            slip = f"7000{week + 1}"
            record_deposit(
                self.office,
                [count.pk],
                actor=self._clerk,
                bank="ملی",
                slip_number=slip,
                on=files.day_of(self._at(last, 17)),
            )
            self._at_bank.append(AtBank(self._at(last + 1, 12), total, "واریز نقدی صندوق", trace=slip))

    def _at_counter(self, way: CounterWay, rial: int, at: datetime, slip: SlipFacts | None = None) -> None:
        wish = CounterWish(way, rial, self._dice.choice(_FUNDS), slip=slip, is_demo=True)
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"demo-month-{self._next()}")
        take_gift(self.office, wish, key=key, actor=self._clerk, at=at)

    # --- the bank -----------------------------------------------------------------------------------------
    def _strange_at_bank(self) -> None:
        for day, rial in zip((6, 13, 22), UNKNOWN_DEPOSITS_RIAL, strict=True):
            card = files.CARD.format(7_000 + day)
            self._at_bank.append(AtBank(self._at(day, 15), rial, "کارت به کارت", card=card))
        self._at_bank.append(AtBank(self._at(11, 14), -UNKNOWN_DEBIT_RIAL, "برداشت"))

    # --- files --------------------------------------------------------------------------------------------
    def send_files(self) -> None:
        """Some of a week, some of the month, some overlapping, one twice."""
        self._send(REPORT, files.zibal_report(sorted(self._reported, key=lambda p: p.at)))
        self._send(SETTLEMENT, files.zibal_settlement(self._settled))
        self._send_ussd()
        self._send(APP, files.app(self._lines[APP]))
        self._send(POS, files.pos(self._lines[POS]))
        self._send(PARTNER_FILE, files.app(self._lines[PARTNER_FILE]))
        rows = sorted(self._at_bank, key=lambda row: row.at)
        opening = 1_000_000_000
        half = len(rows) // 2
        self._send(BANK, files.bank(rows[:half], opening))
        self._send(BANK, files.bank(rows, opening))

    def _send_ussd(self) -> None:
        rows = sorted(self._lines[USSD], key=lambda p: p.at)
        third = len(rows) // 3
        first = files.ussd(rows[: 2 * third])
        self._send(USSD, first)
        self._send(USSD, first)
        broken = "".join(
            f"DEMO-X{n},,,{files.TERMINAL},پنجاه,,امروز,,موفق,,,\r\n" for n in range(UNREAD_LINES)
        )
        self._send(USSD, files.ussd(rows[third:]) + broken.encode())

    def _send(self, key: str, content: bytes) -> None:
        source = StatementSource.objects.select_related("office", "profile").get(key=key)
        statement, is_new = take_file(source, [content], name=f"{key}.csv", job="seed_demo")
        if is_new:
            read_import(statement.pk)
            match_import(statement.pk)

    # --- numbers and times --------------------------------------------------------------------------------
    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _rial(self) -> int:
        return self._dice.choice(_TOMAN) * 10_000

    def _at(self, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        return datetime.combine(self._first + timedelta(days=day), time(hour, minute, second), tzinfo=TEHRAN)
