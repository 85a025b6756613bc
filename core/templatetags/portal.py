"""Money, dates, digits and codes on the page. None is marked safe but `bdi` and `table_cell`, which escape what they
wrap."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, SafeString, mark_safe

from core import action_phrases, audit, codes, jalali, kept_queries, money, once, text

register = template.Library()
_KEPT_DRAWINGS = 2_000


@register.filter
def toman(rial: int | None) -> str:
    """«۱۲٬۵۰۰ تومان» of rials; nothing for None or ""."""
    return "" if _missing(rial) else money.format_toman(int(rial))


@register.filter
def rial(rial: int | None) -> str:
    """«۱۲۵٬۰۰۰ ریال»; nothing for None or ""."""
    return "" if _missing(rial) else money.format_rial(int(rial))


@register.filter
def toman_words(rial: int | None) -> str:
    """«دوازده هزار و پانصد تومان» of rials; nothing for None or ""."""
    return "" if _missing(rial) else money.toman_words(int(rial))


@register.filter
def big_toman(rial: int | None) -> str:
    """«۱٫۲ میلیارد تومان» of rials, cut, for headlines; nothing for None or ""."""
    return "" if _missing(rial) else money.short_toman(int(rial))


@register.filter
def group_digits(number: int | None) -> str:
    """«۱۲٬۵۰۰» of a whole number; nothing for None or ""."""
    return "" if _missing(number) else money.group_digits(int(number))


@register.filter
def quantity(amount: Any) -> str:
    """«۲٫۵» of an amount of goods; nothing for None or ""."""
    return "" if _missing(amount) else money.format_quantity(amount)


@register.filter
def persian_digits(value: Any) -> str:
    """Any value with Persian digits; nothing for None."""
    return "" if value is None else text.persian_digits(value)


@register.filter(name="jalali")
def jalali_long(day: date | datetime | None) -> str:
    """«چهارشنبه ۷ آذر ۱۴۰۳», of a date or of an aware time as in Tehran; nothing for None."""
    return "" if _missing(day) else jalali.format_long(day)


@register.filter
def jalali_short(day: date | datetime | None) -> str:
    """«۱۴۰۳/۰۹/۰۷»; nothing for None."""
    return "" if _missing(day) else jalali.format_short(day)


@register.filter
def jalali_datetime(moment: datetime | None) -> str:
    """«چهارشنبه ۷ آذر ۱۴۰۳، ساعت ۱۴:۳۵»; nothing for None."""
    return "" if _missing(moment) else jalali.format_datetime(moment)


@register.filter
def tracking(code: str | None) -> str:
    """A tracking, placement or verification code in groups; set it with `bdi`: {% bdi code|tracking %}."""
    return codes.show_code("".join(code or ""))  # a copy: nothing stays marked safe


@register.simple_tag
def bdi(value: Any) -> SafeString:
    """A code, number or address kept left to right inside Persian: <bdi dir="ltr">…</bdi>, escaped."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


@register.simple_tag
def form_key() -> SafeString:
    """Beside the CSRF token of a form that makes something: sent twice it is one act (`core.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, secrets.token_urlsafe(12))


def _missing(value: Any) -> bool:
    return value is None or value == ""


@register.filter
def action_name(action: str) -> str:
    """The Persian name of an action of the audit trail."""
    return action_phrases.action_name(action)


@register.inclusion_tag("components/history.html")
def history(*rows: Any) -> dict[str, Any]:
    """Every change of these rows, with who and when; one query."""
    return {"entries": audit.history_of(*rows)}


@register.simple_tag(takes_context=True)
def finding(context: template.Context, form: Any) -> dict[str, str] | None:
    """Where a staff room's filter with a free field is sent, so that no number stands in an address; None elsewhere."""
    request = getattr(context, "request", None)
    if request is None or kept_queries.ASKED not in form.fields or not kept_queries.is_room(request.path):
        return None
    return {"action": reverse("staff-find"), "to": request.path, "token": get_token(request)}


@register.simple_tag(takes_context=True)
def drawn(context: template.Context, component: str, **words: Any) -> SafeString:
    """A small component that depends on its few words alone (a badge, a drawing), as `include … only` would show it:
    {% drawn "components/badge.html" kind="ok" icon="ok" label=label %}. A list has dozens of the same, so that each is
    drawn once a process and kept."""
    said = tuple(
        (key, value if isinstance(value, str) else str(value)) for key, value in words.items() if value
    )
    return _drawn(
        context.template.engine, component, said, tuple(isinstance(value, SafeData) for _, value in said)
    )


@lru_cache(maxsize=_KEPT_DRAWINGS)
def _drawn(
    engine: template.Engine, component: str, said: tuple[tuple[str, str], ...], are_safe: tuple[bool, ...]
) -> SafeString:
    """`are_safe` tells apart what is equal and yet not to be escaped alike."""
    return engine.get_template(component).render(template.Context(dict(said)))


@register.simple_tag(takes_context=True)
def table_cell(context: template.Context, cell: dict[str, Any]) -> SafeString:
    """A cell of components/table.html, whose keys it describes. Tables have hundreds of them, so that they are put
    together here and not by a template each."""
    if cell.get("status"):
        text = drawn(context, "components/status.html", status=cell["status"])
    elif cell.get("code"):
        text = format_html('<bdi class="code" dir="ltr">{}</bdi>', cell["text"])
    else:
        text = conditional_escape(cell["text"])
    if cell.get("url"):
        text = format_html('<a href="{}">{}</a>', cell["url"], text)
    number = mark_safe(' class="num"') if cell.get("num") else ""
    if cell.get("header"):
        return format_html('<th scope="row"{}>{}</th>', number, text)
    return format_html("<td{}>{}</td>", number, text)
