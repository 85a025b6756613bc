"""A file that says whose account it speaks of is compared with the source's account."""

import pytest

from payments.statements.base import FileRefused
from payments.statements.profiles import parse_profile
from payments.statements.reading import Reading
from tests.payments.statements.files import BANK, bank_file

OURS, THEIRS = "IR062960000000100324200001", "IR820540102680020817909002"
ROW = "1403/09/07,10:00:00,,500000,,کارت به کارت"


def lines(above: str, own: list[str], rules=BANK, content: bytes | None = None) -> int:
    import io

    stream = io.BytesIO(above.encode() + (content or bank_file(ROW)))
    reading = Reading(parse_profile(rules, "csv"), stream, own_accounts=own)
    list(reading.outcomes())
    return reading.counts["read"]


@pytest.mark.parametrize(
    "above",
    [
        "",
        "صورت‌حساب از ۱۴۰۳/۰۹/۰۱\n",
        f"شماره شبا: {OURS}\n",
        "شبا: IR06 2960 0000 0010 0324 2000 01\n",
        "شمارهٔ حساب: ۱۰۰-۳۲۴۲-۰۰۰۰۱\n",
        f"شبا {THEIRS}\nشبا: {OURS}\n",
    ],
)
def test_our_own_account_or_none_named(above):
    assert lines(above, [OURS]) == 1


@pytest.mark.parametrize("above", [f"شماره شبا: {THEIRS}\n", "شمارهٔ حساب: 0102680020817\n"])
def test_another_account_is_refused_as_a_whole(above):
    with pytest.raises(FileRefused) as refusal:
        lines(above, [OURS, "10032420000-1"])
    assert refusal.value.reason == "other_account"
    (told,) = refusal.value.facts["accounts"]
    assert told not in above, "nobody's account is told in full"


def test_a_source_whose_account_is_not_known_takes_every_file():
    assert lines(f"شبا: {THEIRS}\n", []) == 1


def test_a_column_of_its_own_says_so_too():
    rules = {**BANK, "columns": {**BANK["columns"], "own_account": ["حساب"]}}
    content = "تاریخ,ساعت,بدهکار,بستانکار,سند,شرح,حساب\n{row},{account}\n"
    assert lines("", [OURS], rules, content.format(row=ROW, account=OURS).encode()) == 1
    with pytest.raises(FileRefused):
        lines("", [OURS], rules, content.format(row=ROW, account=THEIRS).encode())
