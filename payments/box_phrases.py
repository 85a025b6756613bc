"""Persian words of counting boxes and banking what lay in them."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "box_not_collected": _("تنها صندوقی شمرده می‌شود که جمع‌آوری شده است."),
    "box_count_exists": _("این صندوق در این نوبت شمرده شده یا در دست شمارش است."),
    "counts_differ": _(
        "این شمارش با شمارش نخست نمی‌خواند. بار دیگر بشمارید؛ اگر باز همین بود، توضیح بنویسید و تأیید کنید."
    ),
}
