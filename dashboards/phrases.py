"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_breakdown": _("این تفکیک را نمی‌شناسیم؛ «by» را ببینید."),
    "unknown_kind": _("این جنسِ کمک را نمی‌شناسیم؛ «kind» یکی از cash، in_kind و service است."),
    "unknown_channel": _("این راه پرداخت را نمی‌شناسیم."),
    "bad_request": _("این درخواست خوانده نشد."),
    "server_error": _("کار سامانه دچار مشکل شد و به همکاران فنی گزارش شد. چند دقیقهٔ دیگر دوباره بیازمایید."),
}

NONE_LABELS = {
    "province": "سراسری (بدون استان)",
    "county": "بدون شهرستان",
    "campaign": "بدون پویش",
    "edition": "بدون پویش",
    "channel": "بدون راه پرداخت",
}

# --- periods
FROM, TO = "از روز", "تا روز"
PERIOD = "{start} تا {end}"
YEAR = "سال {year}"
HALF_YEAR = "نیمهٔ نخست {year}"
NINE_MONTHS = "نه‌ماههٔ {year}"
TODAY, THIS_MONTH, THIS_YEAR, LAST_YEAR = "امروز", "این ماه", "امسال", "سال گذشته"

# --- figures
PERCENT = "{number}٪"
GIFTS, SPENDINGS = "{count} کمک", "{count} مورد"
TOTAL = "همهٔ کمک‌ها"
CASH, IN_KIND, SERVICE = "نقدی", "غیرنقدی (ارزش برآوردی)", "خدمت (ارزش برآوردی)"
COUNT, MEAN, OPEN_CASES = "شمار کمک‌ها", "میانگین هر کمک نقدی", "پروندهٔ باز"
OPEN_CASES_NOTE = "آنچه کارشناسان باید دربارهٔ آن تصمیم بگیرند"
NO_GIFTS_YET = "هنوز کمکی نیست"
SHARE_OF_COUNTRY = "{share} از همهٔ کشور"

# --- the workspaces
HQ_TITLE = "ستاد کشور"
PROVINCE, WHERE = "استان {name}", "حوزه"
COUNTY_OF = "شهرستان {county}، استان {province}"
WHOLE_COUNTRY, ALL_MINE = "همهٔ کشور", "همهٔ حوزهٔ من"
BOXES, PRINTED_CODES = "صندوق", "صندوق و کد چاپی"
AMOUNT, NUMBER, SHARE, CHANGE, SUM = "مبلغ", "شمار", "سهم", "نسبت به سال پیش", "جمع"
CHANGES = {"up": "{change} بیشتر", "down": "{change} کمتر", "same": "بی‌تغییر", "": "–"}
BY_PROVINCE = {"caption": "کمک‌ها به تفکیک استان", "head": "استان"}
BY_COUNTY = {"caption": "کمک‌ها به تفکیک شهرستان", "head": "شهرستان"}
LEADING = {"caption": "پنج استان پیشرو", "head": "استان"}
CODE_HEADS = ("جا", "کد", "وضعیت یا نوع", "شهرستان", "اسکن", "کمک", "مبلغ")
GIFT_HEADS = ("کد رهگیری", "مبلغ", "نیت", "محل", "زمان")
NATIONAL = "سراسری"
NATIONAL_GIFTS = "سراسری (بدون استان)"
DATA_NAMES = {
    "province": "استان‌ها",
    "campaign": "پویش‌ها",
    "fund": "نیت‌ها",
    "channel": "راه‌های پرداخت",
    "month": "ماه‌ها",
}

# --- public pages
BRANCHES_TO_DECIDE, EDITS_TO_DECIDE = "شاخهٔ پویش در انتظار تأیید شما", "تغییر پویش در انتظار تأیید شما"
CAMPAIGNS_OF_COUNTRY, CAMPAIGNS_OF_PROVINCES = "سراسری", "پویش‌های استان‌ها"
HOME, CAMPAIGNS, PROVINCES, GIVE = "خانه", "پویش‌ها", "استان‌ها", "کمک می‌کنم"
OCCASION_ESTIMATED = "{when} (تاریخ برآوردی است و با اعلام رسمی قطعی می‌شود)"
OCCASION_FITRIYEH, OCCASION_GIVE = "پرداخت فطریه", "کمک می‌کنم"
REPORT = "گزارش پایانی"
RECEIVED_HERE = "در این استان"
GIVE_ONLINE = "کمک از راه درگاه"
CHANNEL_TEXTS = {
    "web": "با هر کارت بانکی عضو شتاب، از همین سامانه. پس از پرداخت رسید و کد رهگیری می‌گیرید.",
    "qr": (
        "رمزینهٔ روی صندوق، پوستر یا آگهی را با دوربین گوشی بخوانید: فرم کمک همین سامانه با استان و پویشِ همان جا "
        "باز می‌شود. پیش از پرداخت، نشانی بالای مرورگر را ببینید."
    ),
    "ussd": "با شماره‌گیری از تلفن همراه، بدون اینترنت.",
    "card": "انتقال کارت‌به‌کارت به کارت سازمان.",
    "app": "از بخش نیکوکاری برنامهٔ پرداخت.",
    "bank": "واریز یا حوالهٔ پایا و ساتنا به حساب سازمان.",
    "pos": "کارت‌خوان در خود اداره؛ شمارهٔ پایانه روی رسید آن چاپ می‌شود.",
}
CHECK_LABEL = "شمارهٔ کارت، شبا یا کد دستوری"
CHECK_INVALID = "شمارهٔ کارت (۱۶ رقم)، شبا (۲۴ رقم پس از IR) یا کد دستوری (مانند ستاره، عدد، مربع) بنویسید."
# verdict: (kind of notice, its title)
CHECK_VERDICTS = {
    "ours": ("ok", "بله، از راه‌های رسمی ماست."),
    "ended": ("bad", "نه، دیگر از ما نیست."),
    "unknown": ("bad", "نه، این شماره در فهرست ما نیست."),
    "unverified": ("warn", "هنوز نمی‌دانیم."),
    "invalid": ("warn", "این شماره درست نوشته نشده است."),
    "wait": ("warn", "اندکی درنگ کنید."),
}
CHECK_TEXTS = {
    "ours": "این «{name}» است و درستی آن در {day} بررسی شده است.",
    "ended": "این شماره روزگاری از ما بود و دیگر نیست. به آن واریز نکنید؛ راه‌های کنونی همین‌جا آمده‌اند.",
    "unverified": "این شماره به نام سازمان اعلام یا پیشنهاد شده، ولی درستی‌اش هنوز تأیید نشده است. به آن واریز نکنید.",
    "unknown": (
        "این شماره از راه‌های تأییدشدهٔ سامانه نیست. به آن واریز نکنید و اگر کسی آن را به نام بهزیستی داده است، به "
        "ادارهٔ بهزیستی استان خبر دهید."
    ),
}
ANNOUNCED = "اعلام‌شده در {year}، در انتظار تأیید"
SEVERAL = "{name} ({count} مورد)"
CHANNEL_PLACE, ALL_PROVINCES, CHANNEL_KIND, ALL_KINDS = "استان", "همهٔ استان‌ها", "نوع", "همهٔ نوع‌ها"
POSTER_QR = "رمزینهٔ فرم کمک به این استان"
WAITING_CHANNELS = "راه پرداخت در انتظار تأیید ستاد"
VOLUME_NAME = "داوطلب ساختگی {number}"
FROM_PEOPLE, FROM_GOVERNMENT = "مردم و بخش غیردولتی", "دستگاه‌های دولتی"
OPEN_DISCREPANCIES = "ناهمخوانی باز در تطبیق"
VOLUNTEERS_WAITING = "داوطلب در انتظار بررسی"
STALE_CHANNELS = "راه پرداخت نیازمند بررسی"
HOUSE_CHANNELS, HOUSE_BOOKS, HOUSE_VOLUNTEERS = "سلامت راه‌های پرداخت", "تطبیق با بانک‌ها", "شبکهٔ داوطلبان"
HOUSE_CHANNELS_NOW = "{current} راه تأیید و بررسی‌شده، {stale} نیازمند بررسی، {waiting} در انتظار تأیید"
HOUSE_BOOKS_NOW = "{open} ناهمخوانی باز؛ روز گذشته را {closed} جا از {places} جا بسته‌اند"
HOUSE_VOLUNTEERS_NOW = "{count} نفر؛ {waiting} نفر در انتظار بررسی"
BARE_ERROR = "کار سامانه دچار مشکل شد. چند دقیقهٔ دیگر دوباره بیایید."

NEEDS = "نیازها"
NEED_PERSONS = _("برای {count} نفر")
CODES_ASKED = _("ساخت کدها آغاز شد؛ پیشرفت کار همین‌جاست.")
CODE_REPLACED = _("کد تازه ساخته شد؛ کد پیشین به آن می‌رسد.")
CODE_REVOKED = _("این کد از کار افتاد.")
CODE = _("کد")
CODE_FILE_HEADS = (
    _("کد"), _("نوع"), _("عنوان"), _("جا"), _("بازدید"), _("شمار کمک"), _("مبلغ (ریال)"),
)  # fmt: skip
CODE_PLACES_FILE_HEADS = (_("جا"), _("شمار کدها"), _("بازدید"), _("شمار کمک"), _("مبلغ (ریال)"))
CODES_COUNT = _("شمار کدها")
CODE_KIND = _("نوع و عنوان")
PLACE = _("جا")
SCANS = _("بازدید")
HOUR = _("ساعت")
WHOLE_COUNTRY = _("سراسر کشور")
NEED_FOR, NEED_PLACE, NEED_WHO = _("برای"), _("کجا"), _("چه شمار")
NEED_URGENCY, NEED_WANTED_BY, NEED_GIFTS = _("فوریت"), _("تا روز"), _("کمک‌ها")
LATE_CARE = _("نیکوکارانی که پاسخشان دیر شده است")
GOODS_EXPIRE = _("کالای انبار که تاریخ آن نزدیک یا گذشته است")
