from payments.models.arrivals import Arrival
from payments.models.attempts import Attempt, AttemptEvent, BankReference
from payments.models.box_counts import BoxCount, BoxCountLine
from payments.models.callbacks import Callback
from payments.models.cash import CashCount, CashCountLine, CashDeposit, CashDifference, Denomination
from payments.models.counter import (
    CardSlip,
    Cheque,
    CounterBook,
    CounterCorrection,
    CounterGift,
    CounterNumber,
)
from payments.models.held import HeldDecision, HeldMoney
from payments.models.partners import Partner, PartnerCall, PartnerKey, PartnerRehearsal, PartnerTransaction
from payments.models.proposals import RetiredCredentials, TerminalProposal
from payments.models.reconciliation import (
    DayBalance,
    Discrepancy,
    DonorClaim,
    ManualDecision,
    MatchSuggestion,
    Payout,
)
from payments.models.refunds import Refund
from payments.models.statements import (
    LineRevision,
    MappingProfile,
    StatementImport,
    StatementLine,
    StatementSource,
    UnreadLine,
)
from payments.models.terminals import DepositIdentifier, GatewaySetting, Terminal

__all__ = [
    "Arrival",
    "Attempt",
    "AttemptEvent",
    "BankReference",
    "BoxCount",
    "BoxCountLine",
    "Callback",
    "CardSlip",
    "CashCount",
    "CashCountLine",
    "CashDeposit",
    "CashDifference",
    "Cheque",
    "CounterBook",
    "CounterCorrection",
    "CounterGift",
    "CounterNumber",
    "DayBalance",
    "Denomination",
    "DepositIdentifier",
    "Discrepancy",
    "DonorClaim",
    "GatewaySetting",
    "HeldDecision",
    "HeldMoney",
    "LineRevision",
    "ManualDecision",
    "MappingProfile",
    "MatchSuggestion",
    "Partner",
    "PartnerCall",
    "PartnerKey",
    "PartnerRehearsal",
    "PartnerTransaction",
    "Payout",
    "Refund",
    "RetiredCredentials",
    "StatementImport",
    "StatementLine",
    "StatementSource",
    "Terminal",
    "TerminalProposal",
    "UnreadLine",
]
