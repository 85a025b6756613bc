"""Minutes as people say them."""

from __future__ import annotations

from core.text import persian_digits
from volunteers import me_phrases as phrases


def hours_text(minutes: int) -> str:
    """«۳ ساعت و ۲۰ دقیقه»; "" for nothing."""
    hours, rest = divmod(minutes, 60)
    parts = [phrases.HOURS.format(count=hours)] if hours else []
    parts += [phrases.MINUTES.format(count=rest)] if rest else []
    return persian_digits(phrases.AND.join(parts))
