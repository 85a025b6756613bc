"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
}
