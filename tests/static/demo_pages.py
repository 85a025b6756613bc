"""The pages as a visitor would see them, rendered from sample context without a database or a view.

    python -m tests.static.demo_pages OUT      writes OUT/<page>.html, with static files at ../static

The contexts are samples of the contracts written at the top of each template.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.utils.safestring import mark_safe

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 35, tzinfo=UTC)


def engine() -> Engine:
    """The project's templates and tags, apart from settings."""
    return Engine(
        dirs=[ROOT / "templates"],
        libraries={
            "static": "django.templatetags.static",
            "l10n": "django.templatetags.l10n",
            "i18n": "django.templatetags.i18n",
            "portal": "core.templatetags.portal",
        },
    )


def render(template: str, context: dict[str, Any], path: str = "/") -> str:
    request = SimpleNamespace(path=path, get_full_path=lambda: path)
    return engine().get_template(template).render(
        Context({"request": request, "csrf_token": "sample", "is_demo": False, **context})
    )


ltr = {"dir": "ltr", "inputmode": "numeric"}


class GiveForm(forms.Form):
    fund = forms.CharField(label="نیت کمک")
    province = forms.ChoiceField(
        label="استان", required=False,
        choices=[("", "سراسر کشور (هر جا نیاز بیشتر است)"), ("07", "فارس"), ("23", "تهران"), ("16", "ایلام")],
    )
    county = forms.ChoiceField(
        label="شهرستان", required=False,
        choices=[("", "همه شهرستان‌های استان"), ("0701", "شیراز"), ("0702", "مرودشت")],
        widget=forms.Select(attrs={"data-counties": "/api/v1/provinces/{code}/counties/"}),
    )
    campaign = forms.CharField(required=False, widget=forms.HiddenInput)
    need = forms.CharField(required=False, widget=forms.HiddenInput)
    placement = forms.CharField(required=False, widget=forms.HiddenInput)
    amount = forms.CharField(label="مبلغ", required=False)
    persons = forms.CharField(label="تعداد", required=False)
    name = forms.CharField(label="نام", required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    mobile = forms.CharField(
        label="شماره همراه", required=False, help_text="رسید به این شماره پیامک می‌شود.",
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(label="پیام یا نیت شما", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    anonymous = forms.BooleanField(label="نامم در هیچ فهرستی نیاید", required=False)
    gateway = forms.CharField(label="درگاه", required=False)
    day = forms.CharField(label="از روز", required=False)


FUNDS = [
    {"value": "general", "label": "هر جا نیاز بیشتر است", "hint": "بهزیستی تصمیم می‌گیرد", "checked": False},
    {"value": "sadaqah", "label": "صدقه", "hint": "برای خانواده‌های نیازمند", "checked": True},
    {"value": "livelihood", "label": "بسته معیشتی", "hint": "خوراک و نیازهای خانه", "checked": False},
    {"value": "dowry", "label": "جهیزیه", "hint": "آغاز زندگی زوج‌های جوان", "checked": False},
    {"value": "rehab_aid", "label": "وسایل توان‌بخشی", "hint": "سمعک، ویلچر، عصا", "checked": False},
    {"value": "fitriyeh_general", "label": "فطریه (غیرسادات)", "hint": "نرخ هر نفر ۷۵٬۰۰۰ تومان",
     "checked": False, "per_person": True, "rate_toman": 75000},
]  # fmt: skip
QUICK = [
    {"toman": toman, "rial": toman * 10, "checked": toman == 50000}
    for toman in (10000, 20000, 50000, 100000, 200000, 500000)
]
MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
CRUMBS = [{"label": "خانه", "url": "/"}, {"label": "پویش‌ها", "url": "/campaigns/"}, {"label": "ضیافت مهربانی"}]


def give_form(bad: bool = False) -> GiveForm:
    if not bad:
        return GiveForm(initial={"province": "07", "county": "0701"})
    form = GiveForm({"amount": "۵۰۰", "mobile": "۰۹۱۲", "fund": "sadaqah", "province": "07"})
    form.is_valid()
    form.add_error("amount", "کمترین مبلغ ۱٬۰۰۰ تومان است.")
    form.add_error("mobile", "شماره همراه باید با ۰۹ آغاز شود و یازده رقم باشد.")
    return form


def map_rows() -> list[dict[str, Any]]:
    from core.money import short_toman
    from provinces.map_outlines import map_rows as rows
    from provinces.map_outlines import outlines

    figures = {
        code: (int(code) * 37 % 29 + 1) * 410_000_000 for code in outlines()["provinces"] if code not in {"28"}
    }
    return rows(figures, {code: short_toman(rial) for code, rial in figures.items()})


def bars(labels: list[str], top_rial: int, url: str | None = None) -> list[dict[str, Any]]:
    from core.money import short_toman

    rows = []
    for place, label in enumerate(labels):
        share = 100 * (len(labels) - place) / len(labels) * (0.7 if place else 1)
        row = {"label": label, "value": short_toman(int(top_rial * share / 100)), "percent": share}
        rows.append(row | ({"url": url} if url else {}))
    return rows


def month_columns(count: int = 12) -> list[dict[str, Any]]:
    from core.money import short_toman

    heights = [35, 42, 30, 51, 44, 48, 60, 57, 66, 62, 74, 100][:count]
    return [
        {
            "label": f"{MONTHS[at]} ۱۴۰۵", "short": MONTHS[at][:3], "percent": height, "before": height * 0.8,
            "value": short_toman(height * 410_000_000), "before_value": short_toman(height * 328_000_000),
        }
        for at, height in enumerate(heights)
    ]  # fmt: skip


TIMELINE = [
    {"title": "کمک ثبت شد", "text": "کد رهگیری گرفت.", "at": NOW, "state": "done"},
    {"title": "بانک تأیید کرد", "at": NOW + timedelta(seconds=40), "state": "done"},
    {"title": "رسید صادر شد", "text": "و برای شما پیامک شد.", "at": NOW + timedelta(seconds=41), "state": "done"},
    {"title": "اختصاص به نیاز", "text": "در انتظار اختصاص در اداره کل بهزیستی استان فارس", "at": None, "state": "now"},
    {"title": "رسیدن به دست مددجو", "at": None, "state": "todo"},
]
FACTS = [
    {"label": "کد رهگیری", "value": "K7M4-Q2RT-9X", "copy_text": "K7M4Q2RT9X"},
    {"label": "مبلغ", "value": "۵۰۰٬۰۰۰ تومان"},
    {"label": "نیت", "value": "بسته معیشتی"},
    {"label": "محل", "value": "استان فارس، شهرستان شیراز"},
]


def qr_svg(text: str) -> str:
    from core.qr import qr_svg as svg

    return mark_safe(svg(text, "رمزینه نمونه"))


def styleguide() -> dict[str, Any]:
    class FilterForm(forms.Form):
        province = forms.ChoiceField(label="استان", choices=[("", "همه"), ("07", "فارس")], required=False)
        from_day = forms.CharField(label="از روز", required=False, help_text="مانند ۱۴۰۵/۰۱/۰۱")
        to_day = forms.CharField(label="تا روز", required=False, help_text="مانند ۱۴۰۵/۱۲/۲۹")

    names = [row["name"] for row in map_rows()]
    return {
        "crumbs": CRUMBS, "form": give_form(bad=True), "funds": FUNDS, "quick": QUICK,
        "stepper": [{"label": "نیت و مبلغ", "state": "done"}, {"label": "پرداخت در بانک", "state": "now"},
                    {"label": "رسید", "state": "todo"}],
        "points": [(at * 37 % 23) * 2 + at * 1.6 for at in range(30)],
        "table": {
            "columns": [{"label": "کد رهگیری"}, {"label": "روز"}, {"label": "نیت"}, {"label": "مبلغ", "num": True},
                        {"label": "وضعیت"}],
            "rows": [
                [{"text": "K7M4-Q2RT-9X", "code": True, "header": True, "url": "#"}, {"text": "۱۴۰۵/۰۸/۲۹"},
                 {"text": "صدقه"}, {"text": "۵۰٬۰۰۰ تومان", "num": True}, {"text": "", "status": status}]
                for status in ("received", "pending", "failed")
            ],
            "foot": [{"text": "جمع", "header": True}, {"text": ""}, {"text": ""},
                     {"text": "۱۵۰٬۰۰۰ تومان", "num": True}, {"text": ""}],
        },
        "page_obj": Paginator(range(200), 20).page(4),
        "tabs": [{"label": "نیت", "url": "#", "current": True}, {"label": "استان", "url": "#"},
                 {"label": "راه پرداخت", "url": "#"}],
        "bars": bars(["صدقه", "بسته معیشتی", "جهیزیه", "فطریه", "مسکن", "درمان"], 5_600_000_000),
        "columns": month_columns(), "timeline": TIMELINE, "facts": FACTS,
        "qr_svg": qr_svg("https://example.org/q/K7M4Q2/"),
        "map_rows": map_rows(), "province_bars": bars(names[:12], 9_000_000_000, "#"),
        "filter_form": FilterForm(),
    }  # fmt: skip


def pages() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """{page: (template, address, context)}"""
    return {"styleguide": ("styleguide.html", "/styleguide/", styleguide())}


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    link = out / "static"
    if not link.exists():
        link.symlink_to(ROOT / "static")
    for name, (template, path, context) in pages().items():
        (out / f"{name}.html").write_text(render(template, context, path), encoding="utf-8")


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure(
        STATIC_URL="/static/", LANGUAGE_CODE="fa", USE_TZ=True, TIME_ZONE="Asia/Tehran",
        INSTALLED_APPS=["django.contrib.staticfiles"],
    )  # fmt: skip
    django.setup()
    main(Path(sys.argv[1]))
