"""Every component and shell, rendered from sample context without a database or a view.

python -m tests.static.specimens OUT      writes OUT/<page>.html, with static files at OUT/static
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

from core.money import short_toman
from core.qr import qr_svg
from provinces.map_outlines import map_rows, outlines

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 35, tzinfo=UTC)
MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)


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
    whole = {"request": request, "csrf_token": "sample", "is_demo": False, **context}
    return engine().get_template(template).render(Context(whole))


class GiftForm(forms.Form):
    fund = forms.CharField(label="نیت کمک")
    province = forms.ChoiceField(
        label="استان",
        required=False,
        choices=[("", "سراسر کشور"), ("07", "فارس"), ("16", "ایلام")],
    )
    county = forms.ChoiceField(
        label="شهرستان",
        required=False,
        choices=[("", "همهٔ شهرستان‌های استان"), ("0701", "شیراز"), ("0702", "مرودشت")],
        widget=forms.Select(attrs={"data-counties": "/api/v1/provinces/{code}/counties/"}),
    )
    amount = forms.CharField(label="مبلغ", required=False)
    persons = forms.CharField(label="تعداد", required=False)
    name = forms.CharField(
        label="نام", required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    mobile = forms.CharField(
        label="شمارهٔ همراه",
        required=False,
        help_text="رسید به این شماره پیامک می‌شود.",
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(label="پیام شما", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    anonymous = forms.BooleanField(label="نامم در هیچ فهرستی نیاید", required=False)
    day = forms.CharField(label="از روز", required=False)


class FilterForm(forms.Form):
    filter_province = forms.ChoiceField(label="استان", choices=[("", "همه"), ("07", "فارس")], required=False)
    filter_from = forms.CharField(label="از روز", required=False, help_text="مانند ۱۴۰۵/۰۱/۰۱")


def gift_form() -> GiftForm:
    """Filled with two mistakes."""
    sent = {"amount": "۵۰۰", "mobile": "۰۹۱۲", "fund": "sadaqah", "province": "07", "county": "0701"}
    form = GiftForm(sent)
    form.is_valid()
    form.add_error("amount", "کمترین مبلغ ۱٬۰۰۰ تومان است.")
    form.add_error("mobile", "شمارهٔ همراه باید با ۰۹ آغاز شود و یازده رقم باشد.")
    return form


def bars(labels: list[str], top_rial: int, url: str | None = None) -> list[dict[str, Any]]:
    rows = []
    for place, label in enumerate(labels):
        share = 100 * (len(labels) - place) / len(labels) * (0.7 if place else 1)
        row = {"label": label, "value": short_toman(int(top_rial * share / 100)), "percent": share}
        rows.append(row | ({"url": url} if url else {}))
    return rows


def months() -> list[dict[str, Any]]:
    heights = (35, 42, 30, 51, 44, 48, 60, 57, 66, 62, 74, 100)
    return [
        {
            "label": f"{month} ۱۴۰۵",
            "short": month[:3],
            "percent": height,
            "before": height * 0.8,
            "value": short_toman(height * 410_000_000),
            "before_value": short_toman(height * 328_000_000),
        }
        for month, height in zip(MONTHS, heights, strict=True)
    ]


def provinces() -> list[dict[str, Any]]:
    codes = [code for code in outlines()["provinces"] if code != "28"]
    figures = {code: (int(code) * 37 % 29 + 1) * 410_000_000 for code in codes}
    return map_rows(figures, {code: short_toman(rial) for code, rial in figures.items()})


def table() -> dict[str, Any]:
    def row(status: str) -> list[dict[str, Any]]:
        return [
            {"text": "K7M4-Q2RT-9X", "code": True, "header": True, "url": "#"},
            {"text": "۱۴۰۵/۰۸/۲۹"},
            {"text": "صدقه"},
            {"text": "۵۰٬۰۰۰ تومان", "num": True},
            {"text": "", "status": status},
        ]

    total = {"text": "۱۵۰٬۰۰۰ تومان", "num": True}
    heads = ("کد رهگیری", "روز", "نیت", "مبلغ", "وضعیت")
    return {
        "caption": "کمک‌ها",
        "columns": [{"label": head, "num": head == "مبلغ"} for head in heads],
        "rows": [row(status) for status in ("received", "pending", "failed")],
        "foot": [{"text": "جمع", "header": True}, {"text": ""}, {"text": ""}, total, {"text": ""}],
    }


def styleguide() -> dict[str, Any]:
    rows = provinces()
    return {
        "crumbs": [
            {"label": "خانه", "url": "/"},
            {"label": "پویش‌ها", "url": "#"},
            {"label": "ضیافت مهربانی"},
        ],
        "form": gift_form(),
        "funds": [
            {"value": "general", "label": "هر جا نیاز بیشتر است", "hint": "بهزیستی تصمیم می‌گیرد"},
            {"value": "sadaqah", "label": "صدقه", "hint": "برای خانواده‌های نیازمند", "checked": True},
            {"value": "dowry", "label": "جهیزیه", "hint": "آغاز زندگی زوج‌های جوان"},
            {"value": "rehab_aid", "label": "وسایل توان‌بخشی", "hint": "سمعک، ویلچر، عصا"},
            {
                "value": "fitriyeh",
                "label": "فطریه",
                "hint": "به شمار نفرات",
                "per_person": True,
                "rate_toman": 75000,
            },
        ],
        "quick": [
            {"toman": toman, "rial": toman * 10, "checked": False}
            for toman in (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
        ],
        "stepper": [
            {"label": "نیت و مبلغ", "state": "done"},
            {"label": "پرداخت در بانک", "state": "now"},
            {"label": "رسید", "state": "todo"},
        ],
        "campaign": {
            "title": "ضیافت مهربانی",
            "url": "#",
            "summary": "سفره‌هایی کوچک برای کارهایی بزرگ.",
            "national": True,
            "open": True,
            "when": "رمضان ۱۴۴۸",
            "percent": 64,
            "reached_rial": 32_400_000_000,
            "goal_rial": 50_000_000_000,
        },
        "need": {
            "title": "ده ویلچر سبک",
            "summary": "برای کودکان یک مرکز روزانه.",
            "place": "فارس، شیراز",
            "kind_label": "وسایل توان‌بخشی",
            "urgent": True,
            "percent": 35,
            "reached_rial": 420_000_000,
            "goal_rial": 1_200_000_000,
            "quantity": "۱۰ دستگاه",
            "give_url": "/give/?need=sample",
        },
        "points": [(at * 37 % 23) * 2 + at * 1.6 for at in range(30)],
        "table": table(),
        "page_obj": Paginator(range(200), 20).page(4),
        "tabs": [{"label": "نیت", "url": "#", "current": True}, {"label": "استان", "url": "#"}],
        "bars": bars(["صدقه", "بستهٔ معیشتی", "جهیزیه", "فطریه", "مسکن"], 5_600_000_000),
        "columns": months(),
        "timeline": [
            {"title": "کمک ثبت شد", "text": "کد رهگیری گرفت.", "at": NOW, "state": "done"},
            {"title": "بانک تأیید کرد", "at": NOW + timedelta(seconds=40), "state": "done"},
            {"title": "اختصاص به نیاز", "text": "در انتظار اختصاص در استان", "at": None, "state": "now"},
            {"title": "رسیدن به دست مددجو", "at": None, "state": "todo"},
        ],
        "facts": [
            {"label": "کد رهگیری", "value": "K7M4-Q2RT-9X", "copy_text": "K7M4Q2RT9X"},
            {"label": "مبلغ", "value": "۵۰۰٬۰۰۰ تومان"},
            {"label": "نیت", "value": "بستهٔ معیشتی"},
        ],
        "qr_svg": mark_safe(qr_svg("https://example.org/q/K7M4Q2/", "رمزینهٔ نمونه")),
        "map_rows": rows,
        "province_bars": bars([row["name"] for row in rows], 9_000_000_000, "#"),
        "filter_form": FilterForm(),
    }


def desk() -> dict[str, Any]:
    overview = {"url": "/desk/", "label": "نمای کلی", "icon": "chart", "current": True}
    cases = {"url": "#", "label": "پرونده‌ها", "icon": "bell", "count": 4}
    codes = {"url": "#", "label": "صندوق‌ها و رمزینه‌ها", "icon": "qr"}
    rooms = [{"title": "", "links": [overview, cases]}, {"title": "در استان", "links": [codes]}]
    return {
        "desk_title": "میز کار استان فارس",
        "desk_who": {"name": "کارشناس نمونه", "role": "کارشناس", "office": "ادارهٔ کل فارس", "acting": True},
        "desk_rooms": render("components/side_nav.html", {"desk_nav": rooms}),
        "heading": "کمک‌ها",
        "intro": "همهٔ کمک‌های استان",
        "filter_form": FilterForm(),
        "reset_url": "#",
        "table": table(),
        "page_obj": Paginator(range(200), 20).page(1),
    }


class HandForm(forms.Form):
    colleague = forms.ChoiceField(label="همکار", required=False, choices=[("", "خودم")])


def choice() -> dict[str, Any]:
    """A list whose rows can be chosen."""
    rows = [
        SimpleNamespace(pk=key, subject=f"attempt:{key}", get_kind_display="پرداخت", state="open", due_at=NOW)
        for key in (1, 2)
    ]
    return desk() | {
        "page_obj": Paginator(rows, 20).page(1),
        "can_hand": True,
        "hand_form": HandForm(),
        "now": NOW,
        "phrases": SimpleNamespace(CASES="پرونده‌ها", CHOOSE_CASE="انتخاب", KIND="موضوع"),
    }


def pages() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """{page: (template, address, context)}"""
    give = {"label": "کمک می‌کنم", "url": "/give/", "kind": "give"}
    bank = {
        "action": "/bank",
        "method": "post",
        "fields": [{"name": "RefId", "value": "1"}],
        "bank_name": "سامان",
        "amount_rial": 5_000_000,
        "tracking_shown": "K7M4-Q2RT-9X",
    }
    return {
        "styleguide": ("styleguide.html", "/styleguide/", styleguide()),
        "desk-list": ("dashboards/list.html", "/desk/gifts/", desk()),
        "desk-choice": ("cases/list.html", "/desk/cases/", choice()),
        "handover": ("payments/handover.html", "/pay/", bank),
        "simple": (
            "simple.html",
            "/me/",
            {"heading": "صفحهٔ من", "text": "یک سطر.", "is_demo": True, "actions": [give]},
        ),
        "error-400": ("400.html", "/x/", {}),
        "error-403": ("403.html", "/x/", {}),
        "error-403-csrf": ("403_csrf.html", "/x/", {}),
        "error-404": ("404.html", "/x/", {}),
        "error-500": ("500.html", "/x/", {}),
    }


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
        STATIC_URL="/static/",
        LANGUAGE_CODE="fa",
        USE_TZ=True,
        TIME_ZONE="Asia/Tehran",
        INSTALLED_APPS=["django.contrib.staticfiles"],
    )
    django.setup()
    main(Path(sys.argv[1]))
