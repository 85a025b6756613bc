from payments.models.attempts import Attempt, AttemptEvent, BankReference
from payments.models.callbacks import Callback
from payments.models.refunds import Refund
from payments.models.terminals import GatewaySetting, Terminal

__all__ = ["Attempt", "AttemptEvent", "BankReference", "Callback", "GatewaySetting", "Refund", "Terminal"]
