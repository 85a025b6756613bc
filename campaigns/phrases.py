"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_fund": _("این نوع کمک را نمی‌شناسیم."),
    "unknown_province": _("این استان را نمی‌شناسیم."),
    "unknown_county": _("این شهرستان در استانِ انتخاب‌شده نیست."),
    "unknown_campaign": _("این پویش را نمی‌شناسیم."),
    "campaign_closed": _("این پویش اکنون کمکی نمی‌پذیرد؛ می‌توانید بدون آن کمک کنید."),
    "unknown_placement": _("این کد را نمی‌شناسیم."),
    "permit_missing": _("صندوق بدون مجوز معتبر شورای زکات قرار داده نمی‌شود."),
    "box_number_taken": _("این شمارهٔ صندوق در استان به کار رفته است."),
}
