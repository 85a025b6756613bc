"""The practice bank's pages: Persian, right to left, one file each, complete without JavaScript."""

from __future__ import annotations

from html import escape

from payments.sandbox_bank.banks.base import Return
from payments.sandbox_bank.book import Payment, State
from payments.sandbox_bank.terminals import Terminal

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_GATEWAY_NAMES = {
    "zarinpal": "زرین‌پال",
    "sep": "پرداخت الکترونیک سامان",
    "sadad": "سداد، بانک ملی",
    "mellat": "به‌پرداخت ملت",
    "zibal": "زیبال",
}
_STATE_WORDS = {
    State.PAID: "این پرداخت انجام شده است.",
    State.VERIFIED: "این پرداخت انجام شده است.",
    State.SETTLED: "این پرداخت انجام شده است.",
    State.CANCELLED: "این پرداخت لغو شده است.",
    State.FAILED: "این پرداخت ناموفق بود.",
    State.AUTO_REVERSED: "مهلت این پرداخت گذشت و پول به کارت برگشت.",
    State.REVERSED: "پول این پرداخت به کارت برگشته است.",
    State.REFUNDED: "پول این پرداخت به کارت برگشته است.",
}
_STYLE = """
:root{color-scheme:light dark;--ink:#17202a;--soft:#5b6875;--paper:#fff;--ground:#eef2f5;--line:#d7dee4;
--pay:#0b6b45;--pay-ink:#fff;--no:#9b1c1c;--note:#fff4d6;--note-ink:#5c4400}
@media(prefers-color-scheme:dark){:root{--ink:#edf1f4;--soft:#a9b4bf;--paper:#1c242c;--ground:#11161b;
--line:#37424d;--pay:#2f9e6e;--pay-ink:#04140c;--no:#f19a9a;--note:#3b3110;--note-ink:#ffe6a3}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);
font:1rem/1.9 Vazirmatn,Tahoma,"Segoe UI",sans-serif}
main{max-width:27rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:1rem;padding:1.5rem}
.note{background:var(--note);color:var(--note-ink);border-radius:.75rem;padding:.75rem 1rem;margin:0 0 1rem;
font-weight:600}
h1{font-size:1.25rem;margin:0 0 1rem}
dl{margin:0 0 1.5rem}
dl div{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;padding:.5rem 0;
border-bottom:1px solid var(--line)}
dt{color:var(--soft)}dd{margin:0;text-align:left;overflow-wrap:anywhere}
.sum{font-size:1.5rem;font-weight:700}
button{display:block;width:100%;min-height:3.25rem;margin:.75rem 0 0;border-radius:.75rem;font:inherit;
font-weight:700;cursor:pointer;border:2px solid var(--line);background:transparent;color:var(--ink)}
button.pay{background:var(--pay);border-color:var(--pay);color:var(--pay-ink);font-size:1.15rem}
button.no{color:var(--no);border-color:var(--no)}
button:focus-visible{outline:3px solid #4c8dff;outline-offset:2px}
p{margin:0 0 1rem}
"""
_SUBMIT = "document.forms[0].submit()"


def card_page(payment: Payment, terminal: Terminal | None) -> str:
    """The page on which the payer decides; of a finished payment, the way back."""
    merchant = terminal.name if terminal else payment.terminal
    rows = [
        ("پذیرنده", escape(merchant)),
        ("درگاه", escape(_GATEWAY_NAMES[payment.gateway])),
        ("مبلغ", f'<span class="sum">{persian(payment.amount_rial)}</span> ریال'),
        ("برابر با", _toman(payment.amount_rial)),
        ("شمارهٔ سفارش", f'<bdi dir="ltr">{escape(payment.order_id)}</bdi>'),
    ]
    facts = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    if payment.state is State.CREATED:
        buttons = (
            '<button class="pay" name="action" value="pay">پرداخت</button>'
            '<button name="action" value="cancel">انصراف</button>'
            '<button class="no" name="action" value="fail">کارت رد شد</button>'
        )
    else:
        buttons = (
            f"<p>{_STATE_WORDS[payment.state]}</p>"
            '<button class="pay" name="action" value="back">بازگشت به پذیرنده</button>'
        )
    address = f"/{payment.gateway}/card/{payment.token}"
    form = f'<form method="post" action="{escape(address)}">{buttons}</form>'
    return _page("صفحهٔ پرداخت آزمایشی", f"<h1>صفحهٔ پرداخت</h1><dl>{facts}</dl>{form}")


def return_page(back: Return) -> str:
    """The form by which a bank that calls back by POST sends the browser home."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in back.fields.items()
    )
    form = (
        f'<form method="post" action="{escape(back.url)}">{fields}'
        '<button class="pay">بازگشت به پذیرنده</button></form>'
        f"<script>{_SUBMIT}</script>"
    )
    return _page("بازگشت به پذیرنده", f"<h1>در حال بازگشت…</h1><p>اگر باز نگشتید، دکمه را بزنید.</p>{form}")


def message_page(title: str, words: str) -> str:
    """A plain sentence."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(words)}</p>")


def persian(number: int) -> str:
    """Digits in Persian, grouped by three."""
    return f"{number:,}".replace(",", "٬").translate(_PERSIAN)


def _toman(amount_rial: int) -> str:
    toman, rest = divmod(amount_rial, 10)
    more = f" و {persian(rest)} ریال" if rest else ""
    return f"{persian(toman)} تومان{more}"


def _page(title: str, body: str) -> str:
    note = "این بانک تمرینی است: هیچ پولی جابه‌جا نمی‌شود و شمارهٔ کارتی خواسته نمی‌شود."
    return (
        '<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><main><p class="note">{note}</p><div class="card">{body}</div></main></body></html>'
    )
