"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_gateway": _("این درگاه را نمی‌شناسیم."),
    "gateway_unavailable": _(
        "این درگاه اکنون در دسترس نیست. پولی جابه‌جا نشده است؛ کمی دیگر دوباره بیازمایید."
    ),
    "bad_idempotency_key": _("کلید یکتایی باید ۱ تا ۲۰۰ نویسهٔ لاتین باشد."),
    "already_received": _("این کمک پیش‌تر دریافت شده است."),
    "in_review": _("این پرداخت در دست بررسی است؛ دوباره پرداخت نکنید."),
}

BAD_JSON = "بدنهٔ درخواست یک شیء JSON نیست."
BODY_TOO_LARGE = "بدنهٔ درخواست بیش از اندازه بزرگ است."
AMOUNT_NOT_WHOLE = "مبلغ باید عدد صحیح ریال باشد، نه متن و نه اعشاری."

ORDER_DESCRIPTION = "کمک به سازمان بهزیستی کشور – {fund} – {code}"
