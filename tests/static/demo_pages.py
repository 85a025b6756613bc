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
    return (
        engine()
        .get_template(template)
        .render(Context({"request": request, "csrf_token": "sample", "is_demo": False, **context}))
    )


ltr = {"dir": "ltr", "inputmode": "numeric"}


class GiveForm(forms.Form):
    fund = forms.CharField(label="نیت کمک")
    province = forms.ChoiceField(
        label="استان",
        required=False,
        choices=[("", "سراسر کشور (هر جا نیاز بیشتر است)"), ("07", "فارس"), ("23", "تهران"), ("16", "ایلام")],
    )
    county = forms.ChoiceField(
        label="شهرستان",
        required=False,
        choices=[("", "همه شهرستان‌های استان"), ("0701", "شیراز"), ("0702", "مرودشت")],
        widget=forms.Select(attrs={"data-counties": "/api/v1/provinces/{code}/counties/"}),
    )
    campaign = forms.CharField(required=False, widget=forms.HiddenInput)
    need = forms.CharField(required=False, widget=forms.HiddenInput)
    placement = forms.CharField(required=False, widget=forms.HiddenInput)
    amount = forms.CharField(label="مبلغ", required=False)
    persons = forms.CharField(label="تعداد", required=False)
    name = forms.CharField(
        label="نام", required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    mobile = forms.CharField(
        label="شماره همراه",
        required=False,
        help_text="رسید به این شماره پیامک می‌شود.",
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(
        label="پیام یا نیت شما", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    anonymous = forms.BooleanField(label="نامم در هیچ فهرستی نیاید", required=False)
    gateway = forms.CharField(label="درگاه", required=False)
    day = forms.CharField(label="از روز", required=False)


FUNDS = [
    {"value": "general", "label": "هر جا نیاز بیشتر است", "hint": "بهزیستی تصمیم می‌گیرد", "checked": False},
    {"value": "sadaqah", "label": "صدقه", "hint": "برای خانواده‌های نیازمند", "checked": True},
    {"value": "livelihood", "label": "بسته معیشتی", "hint": "خوراک و نیازهای خانه", "checked": False},
    {"value": "dowry", "label": "جهیزیه", "hint": "آغاز زندگی زوج‌های جوان", "checked": False},
    {"value": "rehab_aid", "label": "وسایل توان‌بخشی", "hint": "سمعک، ویلچر، عصا", "checked": False},
    {
        "value": "fitriyeh_general",
        "label": "فطریه (غیرسادات)",
        "hint": "نرخ هر نفر ۷۵٬۰۰۰ تومان",
        "checked": False,
        "per_person": True,
        "rate_toman": 75000,
    },
]
QUICK = [
    {"toman": toman, "rial": toman * 10, "checked": toman == 50000}
    for toman in (10000, 20000, 50000, 100000, 200000, 500000)
]
MONTHS = [
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
]
CRUMBS = [
    {"label": "خانه", "url": "/"},
    {"label": "پویش‌ها", "url": "/campaigns/"},
    {"label": "ضیافت مهربانی"},
]


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
        code: (int(code) * 37 % 29 + 1) * 410_000_000
        for code in outlines()["provinces"]
        if code not in {"28"}
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
            "label": f"{MONTHS[at]} ۱۴۰۵",
            "short": MONTHS[at][:3],
            "percent": height,
            "before": height * 0.8,
            "value": short_toman(height * 410_000_000),
            "before_value": short_toman(height * 328_000_000),
        }
        for at, height in enumerate(heights)
    ]


TIMELINE = [
    {"title": "کمک ثبت شد", "text": "کد رهگیری گرفت.", "at": NOW, "state": "done"},
    {"title": "بانک تأیید کرد", "at": NOW + timedelta(seconds=40), "state": "done"},
    {
        "title": "رسید صادر شد",
        "text": "و برای شما پیامک شد.",
        "at": NOW + timedelta(seconds=41),
        "state": "done",
    },
    {
        "title": "اختصاص به نیاز",
        "text": "در انتظار اختصاص در اداره کل بهزیستی استان فارس",
        "at": None,
        "state": "now",
    },
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
        "crumbs": CRUMBS,
        "form": give_form(bad=True),
        "funds": FUNDS,
        "quick": QUICK,
        "stepper": [
            {"label": "نیت و مبلغ", "state": "done"},
            {"label": "پرداخت در بانک", "state": "now"},
            {"label": "رسید", "state": "todo"},
        ],
        "points": [(at * 37 % 23) * 2 + at * 1.6 for at in range(30)],
        "table": {
            "columns": [
                {"label": "کد رهگیری"},
                {"label": "روز"},
                {"label": "نیت"},
                {"label": "مبلغ", "num": True},
                {"label": "وضعیت"},
            ],
            "rows": [
                [
                    {"text": "K7M4-Q2RT-9X", "code": True, "header": True, "url": "#"},
                    {"text": "۱۴۰۵/۰۸/۲۹"},
                    {"text": "صدقه"},
                    {"text": "۵۰٬۰۰۰ تومان", "num": True},
                    {"text": "", "status": status},
                ]
                for status in ("received", "pending", "failed")
            ],
            "foot": [
                {"text": "جمع", "header": True},
                {"text": ""},
                {"text": ""},
                {"text": "۱۵۰٬۰۰۰ تومان", "num": True},
                {"text": ""},
            ],
        },
        "page_obj": Paginator(range(200), 20).page(4),
        "tabs": [
            {"label": "نیت", "url": "#", "current": True},
            {"label": "استان", "url": "#"},
            {"label": "راه پرداخت", "url": "#"},
        ],
        "bars": bars(["صدقه", "بسته معیشتی", "جهیزیه", "فطریه", "مسکن", "درمان"], 5_600_000_000),
        "columns": month_columns(),
        "timeline": TIMELINE,
        "facts": FACTS,
        "qr_svg": qr_svg("https://example.org/q/K7M4Q2/"),
        "map_rows": map_rows(),
        "province_bars": bars(names[:12], 9_000_000_000, "#"),
        "filter_form": FilterForm(),
    }


def campaign(title: str, **other: Any) -> dict[str, Any]:
    return {
        "title": title,
        "url": "/campaigns/sample/",
        "national": True,
        "open": True,
        "place": "استان فارس",
        "summary": "سفره‌هایی کوچک برای کارهایی بزرگ: جهیزیه، وسایل توان‌بخشی، مسکن و بسته معیشتی.",
        "when": "از ۱ تا ۳۰ رمضان ۱۴۴۸",
        "percent": 64,
        "reached_rial": 32_400_000_000,
        "goal_rial": 50_000_000_000,
    } | other


CAMPAIGNS = [
    campaign("ضیافت مهربانی"),
    campaign("مثبت ماه", when="تا پایان آذر", percent=None, goal_rial=None, reached_rial=8_250_000_000),
    campaign("یلدای مهربانی", national=False, open=False, when="آذر و دی", percent=112),
]
NEEDS = [
    {
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
    {
        "title": "بسته معیشتی پاییز",
        "summary": "برنج، روغن، حبوبات و قند برای یک ماه.",
        "place": "ایلام",
        "kind_label": "بسته معیشتی",
        "urgent": False,
        "percent": 80,
        "reached_rial": 960_000_000,
        "goal_rial": 1_200_000_000,
        "quantity": "۱۵۰ بسته",
        "give_url": "/give/?need=sample",
    },
]
STATS = [
    {
        "label": "کمک نقدی",
        "value": "۴۸٫۲ میلیارد تومان",
        "exact": "۴۸٬۲۱۵٬۳۴۰٬۰۰۰ تومان",
        "trend": "up",
        "change": "۱۲٪",
    },
    {
        "label": "کمک غیرنقدی",
        "value": "۶٫۷ میلیارد تومان",
        "exact": "به ارزش برآوردشده",
        "trend": "down",
        "change": "۳٪",
    },
    {"label": "شمار کمک‌ها", "value": "۱۸٬۴۲۰", "trend": "same", "note": ""},
    {"label": "میانه کمک‌ها", "value": "۵۰٬۰۰۰ تومان", "note": "نیمی از کمک‌ها از این کوچک‌ترند."},
]


class PeriodForm(forms.Form):
    def __init__(self) -> None:
        super().__init__(initial={"from": "۱۴۰۵/۰۱/۰۱", "to": "۱۴۰۵/۰۸/۲۹"})
        self.fields["from"] = forms.CharField(label="از روز", required=False)
        self.fields["to"] = forms.CharField(label="تا روز", required=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="کد رسید",
        help_text="حروف لاتین و رقم؛ خط تیره لازم نیست.",
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class CheckForm(forms.Form):
    number = forms.CharField(
        label="شماره یا کد", widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"})
    )


class LoginForm(forms.Form):
    username = forms.CharField(label="نام کاربری", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="گذرواژه", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class OtpForm(forms.Form):
    code = forms.CharField(
        label="کد شش‌رقمی",
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class JoinForm(forms.Form):
    name = forms.CharField(label="نام و نام خانوادگی")
    mobile = forms.CharField(
        label="شماره همراه", widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel"})
    )
    province = forms.ChoiceField(label="استان", choices=[("07", "فارس"), ("16", "ایلام")])
    section = forms.CharField(label="بخش")
    note = forms.CharField(label="مهارت یا توضیح", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    consent = forms.BooleanField(label="موافقم برای همکاری داوطلبانه با من تماس بگیرند.")


SECTIONS = [
    {
        "value": "health",
        "code": "health",
        "title": "سلامت",
        "label": "سلامت",
        "icon": "heart",
        "hint": "پزشک، پرستار، روان‌شناس",
        "text": "ویزیت، مشاوره و توان‌بخشی.",
        "url": "/volunteers/join/?section=health",
    },
    {
        "value": "empowerment",
        "title": "توانمندسازی",
        "label": "توانمندسازی",
        "icon": "sprout",
        "hint": "آموزش و اشتغال",
        "text": "آموزش مهارت و همراهی تا کار.",
        "url": "#",
    },
    {
        "value": "cultural",
        "title": "فرهنگی",
        "label": "فرهنگی",
        "icon": "bell",
        "hint": "هنر، کتاب، ورزش",
        "text": "برنامه‌های فرهنگی، هنری و ورزشی.",
        "url": "#",
    },
    {
        "value": "construction",
        "title": "عمرانی",
        "label": "عمرانی",
        "icon": "home",
        "hint": "ساخت و مناسب‌سازی",
        "text": "ساخت، تعمیر و مناسب‌سازی خانه‌ها.",
        "url": "#",
    },
    {
        "value": "extracurricular",
        "title": "فوق‌برنامه",
        "label": "فوق‌برنامه",
        "icon": "users",
        "hint": "اردو و همراهی",
        "text": "اردو، بازی و همراهی.",
        "url": "#",
    },
]


def gift(status: str) -> dict[str, Any]:
    done = status == "received"
    return {
        "gift": {
            "tracking_code": "K7M4Q2RT9X",
            "tracking_shown": "K7M4-Q2RT-9X",
            "status": status,
            "amount_rial": 5_000_000,
            "fund_label": "بسته معیشتی",
            "place_label": "استان فارس، شهرستان شیراز",
            "created_at": NOW,
            "paid_at": NOW if done else None,
            "receipt_url": "/receipts/x/" if done else "",
            "trail_url": "/trail/x/" if done else "",
            "reason": "",
        },
        "status_url": "/static/none.json",
        "retry_url": "/give/",
        "steps": TIMELINE if done else [],
        "support": "",
    }


RECEIPT = {
    "number": "1405-07-000123",
    "verify_code": "V8K2PQ7M",
    "verify_shown": "V8K2-PQ7M",
    "tracking_shown": "K7M4-Q2RT-9X",
    "amount_rial": 5_000_000,
    "fund_label": "بسته معیشتی",
    "place_label": "استان فارس، شهرستان شیراز",
    "campaign_label": "ضیافت مهربانی",
    "donor_name": "",
    "method_label": "درگاه اینترنتی زرین‌پال",
    "bank_reference": "201456789",
    "paid_at": NOW,
    "issued_at": NOW,
    "office_label": "اداره کل بهزیستی استان فارس",
    "cancelled_at": None,
    "cancelled_reason": "",
}
DESK = {
    "desk_title": "میز کار استان فارس",
    "desk_who": {"name": "کارشناس نمونه", "role": "کارشناس استان", "office": "اداره کل فارس", "acting": True},
    "desk_nav": [
        {
            "title": "",
            "links": [
                {"url": "/desk/", "label": "نمای کلی", "icon": "chart", "current": True},
                {"url": "#", "label": "کمک‌ها", "icon": "heart"},
                {"url": "#", "label": "پرونده‌ها", "icon": "bell", "count": 4},
            ],
        },
        {
            "title": "در استان",
            "links": [
                {"url": "#", "label": "پویش‌ها", "icon": "sprout"},
                {"url": "#", "label": "صندوق‌ها و رمزینه‌ها", "icon": "qr"},
                {"url": "#", "label": "داوطلبان", "icon": "users"},
            ],
        },
    ],
}


def figures() -> dict[str, Any]:
    from core.text import persian_digits

    names = sorted(row["name"] for row in map_rows())
    return {
        "period_form": PeriodForm(),
        "period": "۱ فروردین تا ۲۹ آبان ۱۴۰۵",
        "as_of": NOW,
        "stats": STATS,
        "period_tabs": [
            {"label": label, "url": "#", "current": label == "امسال"}
            for label in ("امروز", "این ماه", "امسال", "سال پیش")
        ],
        "map_rows": map_rows(),
        "provinces": bars(names, 9_000_000_000, "#"),
        "campaigns": bars(["ضیافت مهربانی", "مثبت ماه", "بی پویش"], 7_000_000_000),
        "funds": bars(["صدقه", "بسته معیشتی", "جهیزیه", "فطریه", "مسکن"], 5_600_000_000),
        "channels": bars(["درگاه اینترنتی", "رمزینه", "صندوق فطریه"], 6_000_000_000),
        "counties": bars(["شیراز", "مرودشت", "کازرون", "جهرم"], 900_000_000),
        "months": month_columns(8),
        "days": [
            {
                "label": persian_digits(f"{day} آبان"),
                "short": persian_digits(day),
                "percent": day * 37 % 83 + 10,
                "before": day * 29 % 71,
                "value": "۱۲ میلیون تومان",
                "before_value": "۹ میلیون تومان",
            }
            for day in range(1, 30)
        ],
        "attention": [{"text": "پرونده‌های باز", "url": "#", "count": 4}],
        "exports": [{"label": "CSV", "url": "#"}],
    }


def pages() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """{page: (template, address, context)}"""
    totals = {
        "total_rial": 482_153_400_000,
        "count": 18420,
        "today_rial": 1_240_000_000,
        "today_note": "۳۱۲ کمک",
        "trend": "up",
        "change": "۱۲٪",
        "as_of": NOW,
        "period": "سال ۱۴۰۵",
    }
    every = figures()
    give = {
        "form": give_form(),
        "funds": FUNDS,
        "quick": QUICK,
        "amount_words": "",
        "target": None,
        "rate_note": "نرخ فطریه هر نفر ۷۵٬۰۰۰ تومان است.",
        "gateways": [
            {"value": "zarinpal", "label": "زرین‌پال", "checked": True},
            {"value": "sep", "label": "سامان (سپ)"},
            {"value": "sadad", "label": "سداد (بانک ملی)"},
        ],
    }
    table = styleguide()["table"]
    crumbs = [{"label": "خانه", "url": "/"}, {"label": "استان فارس"}]
    found = {
        "styleguide": ("styleguide.html", "/styleguide/", styleguide()),
        "home": (
            "home/home.html",
            "/",
            {
                "quick": QUICK,
                "funds": FUNDS[:4],
                "totals": totals,
                "campaigns": CAMPAIGNS,
                "needs": NEEDS,
                "occasion": {
                    "title": "روز جهانی افراد دارای معلولیت",
                    "url": "/give/?fund=rehab_aid",
                    "text": "۱۲ آذر؛ با هم وسایل توان‌بخشی را به دست نیازمندان برسانیم.",
                    "link": "کمک برای توان‌بخشی",
                },
                "map_rows": map_rows(),
                "province_bars": every["provinces"],
            },
        ),
        "give": ("donations/give.html", "/give/", give),
        "give-target": (
            "donations/give.html",
            "/give/",
            give
            | {
                "form": give_form(bad=True),
                "gateways": [],
                "target": {
                    "title": "ضیافت مهربانی",
                    "url": "/campaigns/x/",
                    "text": "شاخه استان فارس",
                    "percent": 64,
                    "reached_rial": 32_400_000_000,
                    "goal_rial": 50_000_000_000,
                },
            },
        ),
        "receipt": (
            "donations/receipt.html",
            "/receipts/x/",
            {
                "receipt": RECEIPT,
                "qr_svg": qr_svg("https://example.org/verify/V8K2PQ7M/"),
                "verify_url": "https://example.org/verify/V8K2PQ7M/",
                "pdf_url": "#",
                "trail_url": "#",
            },
        ),
        "verify": ("donations/verify.html", "/verify/", {"form": CodeForm(), "asked": "", "receipt": None}),
        "verify-found": (
            "donations/verify.html",
            "/verify/x/",
            {"form": CodeForm({"code": "V8K2PQ7M"}), "asked": "V8K2PQ7M", "receipt": RECEIPT},
        ),
        "handover": (
            "payments/handover.html",
            "/pay/",
            {
                "action": "https://example.org/pay",
                "method": "post",
                "fields": [{"name": "RefId", "value": "1"}],
                "bank_name": "سامان",
                "amount_rial": 5_000_000,
                "tracking_shown": "K7M4-Q2RT-9X",
            },
        ),
        "campaigns": (
            "campaigns/list.html",
            "/campaigns/",
            {
                "campaigns": CAMPAIGNS,
                "tabs": [
                    {"label": "همه", "url": "#", "current": True},
                    {"label": "ملی", "url": "#"},
                    {"label": "استانی", "url": "#"},
                ],
            },
        ),
        "campaign": (
            "campaigns/detail.html",
            "/campaigns/x/",
            {
                "crumbs": CRUMBS,
                "campaign": campaign(
                    "ضیافت مهربانی",
                    count=4210,
                    as_of=NOW,
                    body=(
                        "پویش ضیافت مهربانی در ماه رمضان در ستاد و ۳۱ استان برگزار می‌شود.\n\n"
                        "هزینه افطاری‌ها به کارهای ماندگار می‌رسد."
                    ),
                ),
                "give_url": "/give/",
                "funds": ["جهیزیه", "وسایل توان‌بخشی", "مسکن", "بسته معیشتی"],
                "national_url": "",
                "map_rows": map_rows(),
                "branches": every["provinces"],
                "months": [],
                "qr_svg": qr_svg("https://example.org/give/?campaign=x"),
            },
        ),
        "province": (
            "provinces/detail.html",
            "/provinces/fars/",
            {
                "crumbs": crumbs,
                "province": {
                    "code": "07",
                    "name": "فارس",
                    "slug": "fars",
                    "capital": "شیراز",
                    "office_name": "اداره کل بهزیستی استان فارس",
                },
                "totals": totals,
                "campaigns": CAMPAIGNS[:2],
                "needs": NEEDS,
                "funds": every["funds"],
                "counties": every["counties"],
                "channels": [],
                "give_url": "/give/?province=07",
            },
        ),
        "hq": ("dashboards/hq.html", "/hq/", DESK | every | {"desk_title": "ستاد کشور"}),
        "desk": (
            "dashboards/desk.html",
            "/desk/",
            DESK | every | {"province": {"name": "فارس"}, "gifts": table, "boxes": table},
        ),
        "desk-list": (
            "dashboards/list.html",
            "/desk/gifts/",
            DESK
            | {
                "heading": "کمک‌ها",
                "intro": "همه کمک‌های استان",
                "filter_form": PeriodForm(),
                "reset_url": "#",
                "table": table | {"caption": "کمک‌ها"},
                "page_obj": Paginator(range(200), 20).page(1),
            },
        ),
        "login": ("accounts/login.html", "/login/", {"step": "password", "form": LoginForm()}),
        "login-setup": (
            "accounts/login.html",
            "/login/",
            {
                "step": "setup",
                "form": OtpForm(),
                "qr_svg": qr_svg("otpauth://totp/x"),
                "secret": "JBSW Y3DP EHPK 3PXP",
            },
        ),
        "channels": (
            "channels/list.html",
            "/channels/",
            {
                "channels": [
                    {
                        "title": "درگاه اینترنتی",
                        "text": "با هر کارت بانکی، با رسید همان لحظه.",
                        "icon": "card",
                        "url": "/give/",
                        "link": "کمک می‌کنم",
                        "checked_on": NOW.date(),
                    },
                    {
                        "title": "کد دستوری نمونه",
                        "text": "بدون اینترنت، از هر گوشی.",
                        "icon": "phone",
                        "code": "*123*45#",
                        "code_shown": "*123*45#",
                        "tel": "tel:*123*45%23",
                        "checked_on": NOW.date(),
                        "place_label": "سراسر کشور",
                    },
                ],
                "pending": [{"title": "کارت بانکی"}, {"title": "برنامه‌های پرداخت"}],
                "check_form": CheckForm({"number": "6037"}),
                "check": {"verdict": "unknown", "text": "به آن پول نفرستید و به ما خبر دهید."},
            },
        ),
        "needs": ("needs/list.html", "/needs/", {"needs": NEEDS, "filter_form": styleguide()["filter_form"]}),
        "needs-none": ("needs/list.html", "/needs/", {"needs": []}),
        "transparency": (
            "transparency/index.html",
            "/transparency/",
            every
            | {
                "flow": bars(["رسیده", "در انتظار", "اختصاص یافته", "تحویل شده"], 9_000_000_000),
                "downloads": [{"label": "CSV استان‌ها", "url": "#"}, {"label": "JSON", "url": "#"}],
            },
        ),
        "volunteers": (
            "volunteers/index.html",
            "/volunteers/",
            {
                "sections": SECTIONS,
                "stats": [],
                "opportunities": [
                    {
                        "title": "مناسب‌سازی خانه‌ها",
                        "text": "دو روز در هفته",
                        "place": "ایلام",
                        "when": "آذر ۱۴۰۵",
                        "url": "#",
                    }
                ],
            },
        ),
        "join": ("volunteers/join.html", "/volunteers/join/", {"form": JoinForm(), "sections": SECTIONS}),
        "join-done": (
            "volunteers/join.html",
            "/volunteers/join/",
            {"done": True, "done_text": "نام شما ثبت شد. همکاران ما در استان تماس می‌گیرند."},
        ),
        "simple": (
            "simple.html",
            "/me/",
            {
                "heading": "صفحه من",
                "text": "این بخش به‌زودی باز می‌شود.",
                "actions": [{"label": "کمک می‌کنم", "url": "/give/", "kind": "give"}],
            },
        ),
        "e404": ("404.html", "/x/", {}),
        "e403": ("403.html", "/x/", {}),
        "e500": ("500.html", "/x/", {}),
        "e400": ("400.html", "/x/", {}),
        "e403-csrf": ("403_csrf.html", "/x/", {}),
    }
    for status in ("pending", "received", "failed", "under_review", "refunded"):
        found[f"status-{status}"] = ("donations/status.html", "/give/x/", gift(status))
    return found


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
