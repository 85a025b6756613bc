from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString


def render(source, **values):
    return Template("{% load portal %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|toman }}", 125_000, "۱۲٬۵۰۰ تومان"),
        ("{{ v|rial }}", 125_000, "۱۲۵٬۰۰۰ ریال"),
        ("{{ v|toman_words }}", 25_000_000, "دو میلیون و پانصد هزار تومان"),
        ("{{ v|big_toman }}", 12_000_000_000, "۱٫۲ میلیارد تومان"),
        ("{{ v|group_digits }}", 12_500, "۱۲٬۵۰۰"),
        ("{{ v|persian_digits }}", "7 از 10", "۷ از ۱۰"),
        ("{{ v|jalali }}", date(2024, 11, 27), "چهارشنبه ۷ آذر ۱۴۰۳"),
        ("{{ v|jalali_short }}", date(2024, 11, 27), "۱۴۰۳/۰۹/۰۷"),
        (
            "{{ v|jalali_datetime }}",
            datetime(2024, 11, 27, 11, 5, tzinfo=UTC),
            "چهارشنبه ۷ آذر ۱۴۰۳، ساعت ۱۴:۳۵",
        ),
        ("{{ v|jalali_short }}", datetime(2026, 3, 20, 20, 30, tzinfo=UTC), "۱۴۰۵/۰۱/۰۱"),
        ("{{ v|tracking }}", "A7KM29RTX4HC", "A7KM-29RT-X4HC"),
        ("{% bdi v %}", "*733*7*9#", '<bdi dir="ltr">*733*7*9#</bdi>'),
        ("{% bdi v|tracking %}", "A7KM29RTX4HC", '<bdi dir="ltr">A7KM-29RT-X4HC</bdi>'),
        ("{% bdi v %}", 12, '<bdi dir="ltr">12</bdi>'),
    ],
)
def test_shown(source, value, shown):
    assert render(source, v=value) == shown


@pytest.mark.parametrize(
    "name",
    ["toman", "rial", "toman_words", "big_toman", "group_digits", "persian_digits", "jalali", "jalali_short",
     "jalali_datetime", "tracking"],
)  # fmt: skip
def test_nothing_is_shown_for_nothing(name):
    assert render(f"{{{{ v|{name} }}}}", v=None) == ""
    assert render(f"{{{{ v|{name} }}}}") == ""


@pytest.mark.parametrize("source", ["{{ v|persian_digits }}", "{{ v|tracking }}", "{% bdi v %}"])
def test_markup_is_escaped_even_when_it_was_called_safe(source):
    assert "<script" not in render(source, v="<script>1</script>")
    if "bdi" not in source:
        assert "<script" not in render(source, v=SafeString("<script>1</script>"))
