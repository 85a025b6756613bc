"""Persian words of the desk's pages of goods that people give."""

from django.utils.translation import gettext_lazy as _

IN_KIND = _("کمک‌های غیرنقدی")
WALK_IN = _("حضوری")
LIST_HEADS = (
    _("کد رهگیری"), _("اداره"), _("نیت"), _("کالا"), _("راه رسیدن"), _("ثبت"), _("قرار"), _("وضعیت"),
    _("ارزش برآوردی (ریال)"),
)  # fmt: skip
NEW_WALK_IN = _("کالای حضوری")
TAKE = _("تحویل گرفتن کالا")
STATE, TRACKING, DONOR, MOBILE = _("وضعیت"), _("کد رهگیری"), _("نیکوکار"), _("همراه")
NAMELESS = _("ناشناس")
OFFICE, FUND, WAY, ADDRESS = _("اداره"), _("نیت"), _("راه رسیدن"), _("نشانی")
NEED, NO_NEED = _("برای نیاز"), _("برای نیاز ویژه‌ای نه")
WISHED, MESSAGE, OFFERED_AT = _("زمان دلخواه"), _("پیام"), _("ثبت")
REPLY, APPOINTMENT, ANSWERED_BY = _("پاسخ اداره"), _("قرار"), _("پاسخ‌دهنده")
WAREHOUSE, TAKEN_BY, CONFIRMED_BY = _("انبار"), _("تحویل‌گیرنده"), _("ارزیاب دوم")
RETURNED_BECAUSE = _("دلیل برگشت ارزیابی")
GOODS, QUANTITY, CONDITION, EXPIRY, VALUE = _("کالا"), _("مقدار"), _("وضع"), _("انقضا"), _("ارزش برآوردی")
APPRAISED = _("ارزیابی")
OFFERED, GIVEN = _("آنچه پیشنهاد شد"), _("آنچه آمد")
PHOTO = _("عکس")
AGREE, AGREE_AGAIN = _("پذیرفتن"), _("تغییر قرار")
DECLINE, LAPSE = _("نپذیرفتن با سپاس"), _("کالا نرسید")
VALUE_DECIDE = _("ارزش کالا را نفر دوم می‌بیند")
OWN_VALUE = _("این کالا را خودتان تحویل گرفته‌اید؛ ارزش آن را کس دیگری تأیید می‌کند.")
SAVE, MORE = _("ثبت"), _("سطرهای بیشتر")
PRINT_RECEIPT = _("رسید کالا")
DECISION_SAVED = _("ثبت شد.")
AGREED = _("پذیرفته شد و به نیکوکار گفته می‌شود.")
DECLINED = _("با سپاس پذیرفته نشد و به نیکوکار گفته می‌شود.")
CLOSED = _("بسته شد.")
TAKEN = _("کالا در انبار ثبت و رسید صادر شد.")
TAKEN_WAITS = _("ثبت شد؛ چون ارزش آن از مرز گذشته است نفر دوم هم باید ببیند.")
NO_OFFERS = _("پیشنهادی نیست.")
