"""Persian sentences of the partner API, its page and its admin."""

from django.utils.translation import gettext_lazy as _

from core.text import persian_digits
from payments.enums import LineVerdict

# Codes that refuse a whole request, with the status of the answer; the documentation lists them in this order.
REQUEST_CODES = {
    "missing_signature": 401,
    "unknown_key": 401,
    "clock_skew": 401,
    "bad_signature": 401,
    "key_revoked": 403,
    "key_ended": 403,
    "key_not_yet_valid": 403,
    "partner_inactive": 403,
    "replayed": 409,
    "length_required": 411,
    "body_too_large": 413,
    "too_many_lines": 413,
    "bad_json": 400,
    "no_lines": 400,
    "too_many_requests": 429,
    "unknown_transaction": 404,
    "source_busy": 503,
    "try_again": 503,
}

# Codes of a line's verdict, in the order in which they are asked.
LINE_CODES = (
    "bad_line", "repeated_field", "bad_txn_id", "wrong_unit", "not_paid", "amount_required", "amount_not_whole",
    "amount_too_small", "amount_too_large", "bad_paid_at", "paid_at_in_future", "paid_at_too_old", "bad_text",
    "card_not_masked", "bad_mobile", "fund_required", "unknown_fund", "unknown_province", "unknown_county",
    "unknown_campaign", "campaign_closed", "content_differs", "try_again",
)  # fmt: skip

SENTENCES = {
    "missing_signature": _("سرآیندهای X-Partner-Key، X-Timestamp و X-Signature لازم است."),
    "unknown_key": _("این کلید را نمی‌شناسیم."),
    "clock_skew": _("زمان امضا با ساعت ما نمی‌خواند؛ ساعت سرور خود را تنظیم و دوباره امضا کنید."),
    "bad_signature": _("امضا درست نیست؛ بایت‌های امضاشده باید همان بایت‌های فرستاده‌شده باشد."),
    "key_revoked": _("این کلید باطل شده است."),
    "key_ended": _("مهلت این کلید به پایان رسیده است."),
    "key_not_yet_valid": _("آغاز اعتبار این کلید هنوز نرسیده است."),
    "partner_inactive": _("همکاری با این همکار فعال نیست."),
    "replayed": _("این امضا پیش‌تر به کار رفته است؛ برای تکرار، با زمان تازه دوباره امضا کنید."),
    "length_required": _("اندازهٔ بدنه را در Content-Length بفرستید."),
    "body_too_large": _("بدنهٔ درخواست بیش از اندازه بزرگ است."),
    "too_many_lines": _("بیشترین شمار تراکنش در هر درخواست ۱٬۰۰۰ است."),
    "bad_json": _("بدنهٔ درخواست JSON درست نیست."),
    "no_lines": _("درخواست هیچ تراکنشی ندارد."),
    "too_many_requests": _("درخواست‌های این کلید از اندازهٔ یک دقیقه گذشت؛ پس از Retry-After ثانیه بفرستید."),
    "source_busy": _(
        "فایل روزانهٔ شما هم‌اکنون در دست ثبت است؛ چیزی ثبت نشد، پس از Retry-After ثانیه دوباره بفرستید."
    ),
    "unknown_transaction": _("تراکنشی با این شماره گزارش نشده است."),
    "bad_line": _("هر تراکنش باید یک شیء JSON باشد."),
    "repeated_field": _("یک فیلد دو بار آمده است."),
    "bad_txn_id": _("شمارهٔ تراکنش باید متنی ۱ تا ۵۰ نویسه‌ای از A-Z، a-z، 0-9 و . _ - باشد."),
    "wrong_unit": _("مبلغ تنها به ریال و تنها در amount_rial پذیرفته می‌شود."),
    "not_paid": _("تنها تراکنش پرداخت‌شده گزارش می‌شود."),
    "amount_not_whole": _("مبلغ باید عدد صحیح ریال باشد، نه متن و نه اعشاری."),
    "bad_paid_at": _("زمان پرداخت باید ISO 8601 همراه اختلاف ساعت باشد."),
    "paid_at_in_future": _("زمان پرداخت در آینده است."),
    "paid_at_too_old": _("زمان پرداخت قدیمی‌تر از آن است که از این راه ثبت شود؛ با فایل روزانه بفرستید."),
    "bad_text": _("مقدار این فیلد متن نیست یا بلندتر از اندازه است."),
    "card_not_masked": _("شمارهٔ کامل کارت پذیرفته نمی‌شود؛ شش رقم نخست و چهار رقم پایانی بس است."),
    "fund_required": _("نیت (fund) گفته نشده و این همکار نیت پیش‌فرض ندارد."),
    "content_differs": _("این شماره پیش‌تر با محتوای دیگری گزارش شده است؛ چیزی تغییر نکرد."),
    "partner_exists": _("همکاری با این کد یا این منبع هست."),
    "too_many_keys": _("این همکار دو کلید زنده از این نوع دارد؛ نخست یکی را باطل کنید."),
    "key_is_dead": _("این کلید دیگر زنده نیست؛ برای همکار کلید تازه بسازید."),
    "key_reason_required": _("دلیل ابطال را بنویسید."),
}

# --- the page --------------------------------------------------------------------------------------------
FIELDS = {
    "TXN": _("شمارهٔ یکتای تراکنش نزد شما، همیشه متن: A-Z a-z 0-9 . _ - تا ۵۰ نویسه"),
    "AMOUNT": _("عدد صحیح JSON، به ریال"),
    "PAID_AT": _("زمان پرداخت، ISO 8601 با اختلاف ساعت؛ مانند 2026-03-21T10:15:00+03:30"),
    "FUND": _("کد نیت، مانند general یا sadaqah؛ اگر نیاید نیت پیش‌فرض شما"),
    "PROVINCE": _("کد دورقمی استان به متن («23») یا نام لاتین آن؛ اگر نیاید سراسری است"),
    "COUNTY": _("کد چهاررقمی شهرستان به متن، در همان استان"),
    "CAMPAIGN": _("نام لاتین پویشی که باز است، مانند ziafat-mehrabani"),
    "RRN": _("شمارهٔ مرجع بانکی، به متن، تا صفرهای آغازش نیفتد"),
    "TRACE_NO": _("شمارهٔ پیگیری"),
    "TERMINAL": _("شمارهٔ پایانه"),
    "CARD": _("شماره‌کارت پوشیده؛ شمارهٔ کامل هرگز"),
    "CURRENCY": _("اگر بیاید تنها IRR"),
    "STATUS": _("اگر بیاید تنها paid"),
    "DONOR": _("شیئی با name، mobile، message و is_anonymous؛ رسید به همان mobile پیامک می‌شود"),
}

ACCOUNT_NAME = "دریافتنی از {name}"

# --- admin -----------------------------------------------------------------------------------------------
NEW_KEY = _("ساخت کلید")
ROTATE_KEY = _("کلید جانشین")
REVOKE_KEY = _("ابطال کلید")
REASON = _("دلیل")
KEY_MODE = _("نوع کلید")
VALID_FROM = _("از روز")
VALID_UNTIL = _("تا روز (خالی: بدون پایان)")
KEY_READY = _("کلید ساخته شد")
STATE = _("وضعیت")
LIVE, TO_COME, ENDED, REVOKED = _("زنده"), _("هنوز آغاز نشده"), _("پایان‌یافته"), _("باطل‌شده")
TRACKING_CODE = _("کد رهگیری")
LINES = _("ردیف‌ها")
MODE = _("نوع")
PARTNER = _("همکار")
SEARCH_TXN = _("شمارهٔ تراکنش نزد همکار، RRN یا کد رهگیری")

# --- demo ------------------------------------------------------------------------------------------------
DEMO_PARTNER = "همکار پرداخت (نمونهٔ نمایشی)"


def counted(counts: dict[str, int]) -> str:
    """How many lines came to which verdict: «پذیرفته شد: ۳، پذیرفته نشد: ۱»."""
    said = [(verdict.label, counts[verdict]) for verdict in LineVerdict if counts.get(verdict)]
    return "، ".join(f"{label}: {persian_digits(number)}" for label, number in said)
