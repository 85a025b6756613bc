"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "case_closed": _("این پرونده پیش‌تر بسته شده است."),
    "matter_is_open": _(
        "این پرونده با دست بسته نمی‌شود: آنچه دربارهٔ آن است هنوز تعیین تکلیف نشده. در صفحهٔ خودش دربارهٔ آن تصمیم "
        "بگیرید؛ پرونده با همان بسته می‌شود."
    ),
    "owner_unfit": _("این همکار نمی‌تواند مسئول پرونده‌های این استان باشد."),
    "reason_required": _("تصمیم و دلیل آن را بنویسید."),
}

CASES = _("پرونده‌ها")
INTRO = _("آنچه سامانه به‌تنهایی دربارهٔ آن تصمیم نمی‌گیرد. نزدیک‌ترین موعد بالاتر است.")
NONE_OPEN = _("پروندهٔ بازی نیست.")
NONE_CLOSED = _("پروندهٔ بسته‌ای نیست.")
CLOSED = _("پرونده بسته شد و تصمیم شما ثبت شد.")
NO_CASE_CHOSEN = _("هیچ پرونده‌ای برگزیده نشده است.")
MANY_GIVEN = _("{count} پرونده سپرده شد.")
TAKE = _("به نام خودم")
GIVE = _("سپردن به همکار")
COLLEAGUE = _("همکار")
CHOOSE_CASE = _("برگزیدن")
ANYBODYS, MINE = _("همه"), _("خودم")
OPENED_FROM = _("گشوده از روز")
FILE_HEADS = (
    _("شماره"), _("موضوع"), _("دربارهٔ"), _("استان"), _("وضعیت"), _("گشایش"), _("موعد"), _("مسئول"),
    _("بسته شد"), _("به دست"), _("تصمیم و دلیل"),
)  # fmt: skip
CLOSE = _("بستن پرونده")
SETTLED_BY_ITSELF = _("آنچه کم بود رسید؛ خودبه‌خود حل شد.")
LATE = _("از موعد گذشته")
NATIONAL = _("کشوری")
NOT_YOURS = _("تصمیم دربارهٔ این پرونده با حسابدار است.")
KIND = _("موضوع")
SUBJECT = _("دربارهٔ")
PLACE = _("استان")
DUE = _("موعد")
OPENED = _("گشایش")
OWNER = _("مسئول")
NOBODY = _("هیچ‌کس")
TAKEN = _("رسیدگی با شماست.")
GIVEN = _("پرونده به همکارتان سپرده شد.")
STATE = _("وضعیت")
CLOSED_AT = _("بسته شد")
CLOSED_BY = _("به دست")
RESOLUTION = _("تصمیم و دلیل")

# What a case's facts are called. A fact without a name here is shown by its own.
FACTS = {
    "tracking_code": _("کد رهگیری کمک"),
    "gateway": _("درگاه"),
    "reason": _("سبب"),
    "amount_rial": _("مبلغ ما"),
    "bank_amount_rial": _("مبلغ بانک"),
    "claimed_amount_rial": _("مبلغ در بازگشت"),
    "claimed_order": _("سفارش در بازگشت"),
    "callback": _("شمارهٔ بازگشت"),
    "statement_source": _("منبع صورت‌حساب"),
    "discrepancy": _("شمارهٔ ناهمخوانی"),
    "count": _("شمار ردیف‌ها"),
    "box": _("شمارهٔ صندوق"),
    "trouble": _("چه شد"),
    "old_seal": _("مهروموم پیشین"),
    "new_seal": _("مهروموم دیده‌شده"),
    "first_rial": _("شمارش نخست"),
    "second_rial": _("شمارش دوم"),
    "office": _("اداره"),
    "expected_rial": _("باید در صندوق باشد"),
    "counted_rial": _("شمرده شد"),
    "difference_rial": _("اختلاف (منفی: کسری)"),
    "event": _("رویداد"),
    "promise": _("شمارهٔ وعده"),
    "due_on": _("موعد وعده"),
}
