"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_breakdown": _("این تفکیک را نمی‌شناسیم؛ «by» را ببینید."),
}
