"""The chart of accounts."""

from django.db import transaction

from ledger.enums import AccountType, GiftKind
from ledger.models import Account

INCOME = {kind: f"income:{kind}" for kind in GiftKind}
SUSPENSE = "suspense:unexpected"
UNKNOWN_DEPOSITS = "suspense:deposits"
ANEW = "suspense:anew"  # between a gift that is cancelled and the same money written down anew: always zero
FEES = "expense:fees"
ALLOCATED = "allocated:cash"  # set aside for a purpose and not delivered yet
DRAWN = "drawn:cash"  # what the purposes have been promised out of the received money
DELIVERED = "delivered:cash"  # reached people; figures count it as spent
CASH_SHORT = "expense:cash_short"
BORNE = "expense:borne"  # delivered at the organisation's own cost: the gift that paid for it was taken back

_FIXED = [
    (INCOME[GiftKind.CASH], "درآمد کمک‌های نقدی", AccountType.INCOME, GiftKind.CASH),
    (INCOME[GiftKind.IN_KIND], "درآمد کمک‌های غیرنقدی", AccountType.INCOME, GiftKind.IN_KIND),
    (INCOME[GiftKind.SERVICE], "درآمد کمک‌های خدمتی", AccountType.INCOME, GiftKind.SERVICE),
    (SUSPENSE, "دریافت‌های نامعین", AccountType.LIABILITY, ""),
    (UNKNOWN_DEPOSITS, "واریزهای ناشناس", AccountType.LIABILITY, ""),
    (FEES, "کارمزدهای کسرشده", AccountType.EXPENSE, ""),
    (ALLOCATED, "وجوه تخصیص‌یافتهٔ تحویل‌نشده", AccountType.ASSET, ""),
    (DRAWN, "برداشت از وجوه رسیده برای تخصیص", AccountType.LIABILITY, ""),
    (DELIVERED, "کمک‌های تحویل‌شده از محل وجوه نقدی", AccountType.EXPENSE, GiftKind.CASH),
    (CASH_SHORT, "کسری صندوق پیشخوان‌ها", AccountType.EXPENSE, ""),
    (BORNE, "کمک‌های تحویل‌شده از منابع سازمان", AccountType.EXPENSE, ""),
]


def seed_accounts() -> None:
    """Create the fixed accounts; safe to repeat."""
    for code, name, account_type, gift_kind in _FIXED:
        ensure_account(code, name, account_type, gift_kind)


def clearing_code(gateway: str, terminal_id: int) -> str:
    """What a gateway's terminal owes us until its settlement arrives; reconciled means that it is zero."""
    return f"clearing:{gateway}:{terminal_id}"


def receivable_code(source_key: str) -> str:
    """What an operator, app or partner has taken for us and not paid out yet."""
    return f"receivable:{source_key}"


def transit_code(payer: str, terminal_id: int | str = "all") -> str:
    """What a gateway, operator or app says it has paid out and our bank has not shown yet."""
    return f"transit:{payer}:{terminal_id}"


def bank_code(source_key: str) -> str:
    """Money at our own bank account."""
    return f"bank:{source_key}"


def cash_code(office_id: int) -> str:
    """Cash and cheques in an office's hands, until deposited."""
    return f"cash:{office_id}"


def ensure_account(code: str, name: str, account_type: AccountType, gift_kind: str = "") -> int:
    """The id of the account with this code, created when missing; safe to repeat and to race."""
    account, _ = Account.objects.get_or_create(
        code=code, defaults={"name": name, "type": account_type, "gift_kind": gift_kind}
    )
    return account.pk


_remembered: dict[str, int] = {}


def account_id(code: str) -> int:
    """The id of an existing account (ids never change, so they are remembered); KeyError when there is none."""
    if code in _remembered:
        return _remembered[code]
    found = Account.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise KeyError(code)
    # An account made in a transaction that rolls back must not be remembered.
    transaction.on_commit(lambda: _remembered.__setitem__(code, found))
    return found


def forget_remembered() -> None:
    """For tests that change databases under a running process."""
    _remembered.clear()
