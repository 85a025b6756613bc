"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "not_refundable": _("این پرداخت چیزی برای برگرداندن ندارد."),
    "refund_exists": _("برای این پرداخت پیش‌تر درخواست برگشت ثبت شده است."),
    "refund_decided": _("دربارهٔ این درخواست پیش‌تر تصمیم گرفته شده است."),
    "four_eyes": _("کسی که درخواست کرده نمی‌تواند خودش تأیید کند."),
    "refund_not_by_hand": _("این برگشت در انتظار ثبت دستی نیست."),
    "reference_required": _("شمارهٔ مرجع برگشت را بنویسید."),
    "unknown_gateway": _("این درگاه را نمی‌شناسیم."),
    "gateway_unavailable": _(
        "این درگاه اکنون در دسترس نیست. پولی جابه‌جا نشده است؛ کمی دیگر دوباره بیازمایید."
    ),
    "bad_idempotency_key": _("کلید یکتایی باید ۱ تا ۲۰۰ نویسهٔ لاتین باشد."),
    "already_received": _("این کمک پیش‌تر دریافت شده است."),
    "bad_credentials": _("مشخصات باید یک شیء JSON از متن‌ها باشد."),
    "terminal_exists": _("این اداره در این درگاه پایانهٔ فعال دیگری دارد."),
    "in_review": _("این پرداخت در دست بررسی است؛ دوباره پرداخت نکنید."),
}

BAD_JSON = "بدنهٔ درخواست یک شیء JSON نیست."
BODY_TOO_LARGE = "بدنهٔ درخواست بیش از اندازه بزرگ است."
AMOUNT_NOT_WHOLE = "مبلغ باید عدد صحیح ریال باشد، نه متن و نه اعشاری."

ORDER_DESCRIPTION = "کمک به سازمان بهزیستی کشور – {fund} – {code}"
