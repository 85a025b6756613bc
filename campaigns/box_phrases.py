"""Persian words of boxes on their way."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "box_move_refused": _("در وضعیت کنونی به این گام نمی‌رود."),
    "unknown_box": _("در این استان یا در حوزهٔ شما نیست."),
    "too_many_permits": _("در هر بار بیش از ۲۰۰۰ مجوز نمی‌شود."),
    "bad_coordinates": _("این نقطه در ایران نیست؛ عرض حدود ۲۵ تا ۴۰ و طول حدود ۴۴ تا ۶۳ درجه است."),
    "seal_required": _("شمارهٔ مهروموم را بنویسید."),
    "box_not_sealed": _("این صندوق مهروموم ندارد."),
    "same_seal": _("این همان شمارهٔ مهروموم است."),
}
