"""Persian of reconciling: names of accounts, and what the desk and the donor read."""

BANK_ACCOUNT = "بانک – {name}"
RECEIVABLE_ACCOUNT = "طلب از {name}"
TRANSIT_ACCOUNT = "در راه بانک – {name}"

CLAIM_REFUSED_SMS = (
    "بهزیستی: واریزی با مشخصات پیگیری {code} پیدا نشد. "
    "رسید بانک را نگه دارید و به ادارهٔ بهزیستی شهر خود نشان دهید."
)
