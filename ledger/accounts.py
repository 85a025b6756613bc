"""The chart of accounts."""

from functools import cache

from ledger.enums import AccountType, GiftKind
from ledger.models import Account

INCOME = {kind: f"income:{kind}" for kind in GiftKind}
SUSPENSE = "suspense:unexpected"

_FIXED = [
    (INCOME[GiftKind.CASH], "درآمد کمک‌های نقدی", AccountType.INCOME, GiftKind.CASH),
    (INCOME[GiftKind.IN_KIND], "درآمد کمک‌های غیرنقدی", AccountType.INCOME, GiftKind.IN_KIND),
    (INCOME[GiftKind.SERVICE], "درآمد کمک‌های خدمتی", AccountType.INCOME, GiftKind.SERVICE),
    (SUSPENSE, "دریافت‌های نامعین", AccountType.LIABILITY, ""),
]


def seed_accounts() -> None:
    """Create the fixed accounts; safe to repeat."""
    for code, name, account_type, gift_kind in _FIXED:
        ensure_account(code, name, account_type, gift_kind)


def clearing_code(gateway: str, terminal_id: int) -> str:
    """What a gateway's terminal owes us until its settlement arrives; reconciled means that it is zero."""
    return f"clearing:{gateway}:{terminal_id}"


def ensure_account(code: str, name: str, account_type: AccountType, gift_kind: str = "") -> int:
    """The id of the account with this code, created when missing; safe to repeat and to race."""
    account, _ = Account.objects.get_or_create(
        code=code, defaults={"name": name, "type": account_type, "gift_kind": gift_kind}
    )
    return account.pk


@cache
def account_id(code: str) -> int:
    """The id of an existing account (ids never change, so they are remembered); KeyError when there is none."""
    found = Account.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise KeyError(code)
    return found
