"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "amount_required": _("مبلغ را بنویسید."),
    "bad_amount": _("مبلغ را با رقم بنویسید؛ مثلاً ۵۰٬۰۰۰."),
    "amount_fraction": _("مبلغ باید عدد درستِ تومان باشد، بدون اعشار."),
    "amount_in_rial": _("مبلغ را به تومان بنویسید، نه ریال."),
    "amount_too_small": _("مبلغ از کمترین مقدار پذیرفتنی کمتر است."),
    "amount_too_large": _("مبلغ از بیشترین مقدار یک پرداخت بیشتر است؛ آن را در چند پرداخت بدهید یا از واریز بانکی بهره ببرید."),
    "idempotency_conflict": _("این کلید پیش‌تر برای درخواست دیگری به کار رفته است."),
    "bad_mobile": _("شمارهٔ همراه درست نیست. نمونه: ۰۹۱۲۱۲۳۴۵۶۷"),
    "unknown_need": _("این نیاز را نمی‌شناسیم."),
}

RECEIPT_SMS = "کمک شما به مبلغ {amount} برای «{fund}» به دست ما رسید. سپاس از مهرتان.\nکد رهگیری: {code}\nرسید: {url}\nسازمان بهزیستی کشور"
