from payments.models.attempts import Attempt, AttemptEvent, BankReference
from payments.models.callbacks import Callback
from payments.models.refunds import Refund
from payments.models.terminals import DepositIdentifier, GatewaySetting, Terminal

__all__ = [
    "Attempt",
    "AttemptEvent",
    "BankReference",
    "Callback",
    "DepositIdentifier",
    "GatewaySetting",
    "Refund",
    "Terminal",
]
