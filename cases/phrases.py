"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "case_closed": _("این پرونده پیش‌تر بسته شده است."),
    "reason_required": _("تصمیم و دلیل آن را بنویسید."),
}
