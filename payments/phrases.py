"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_gateway": _("این درگاه را نمی‌شناسیم."),
    "gateway_unavailable": _("این درگاه اکنون در دسترس نیست. پولی جابه‌جا نشده است؛ کمی دیگر دوباره بیازمایید."),
    "already_received": _("این کمک پیش‌تر دریافت شده است."),
    "in_review": _("این پرداخت در دست بررسی است؛ دوباره پرداخت نکنید."),
}

ORDER_DESCRIPTION = "کمک به سازمان بهزیستی کشور – {fund} – {code}"
