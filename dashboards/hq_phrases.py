"""Persian words of headquarters' pages: figures told in public, fair share, small gifts."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "told_already": _("همین رقم از همین منبع در دفتر هست."),
    "bad_client_columns": _("سرستون‌های فایل باید county، group، support و persons باشد، با رمزگذاری UTF-8."),
    "bad_client_line": _("گروه، حمایت یا شمار درست نوشته نشده است."),
    "counted_twice": _("این شهرستان، گروه و حمایت دو بار آمده است."),
    "clients_file_empty": _("این فایل سطری ندارد."),
    "clients_file_known": _("این فایل پیش‌تر گرفته شده است."),
    "clients_file_large": _("فایل بزرگ‌تر از ۲ مگابایت است."),
}

# --- figures told in public
TOLD_TITLE = _("ارقام گفته‌شده")
TOLD_INTRO = _(
    "آنچه به مردم و رسانه‌ها گفته شده است، با منبعش. ارقامِ یک موضوع کنار هم آمده‌اند و رقمِ دفترهای سامانه برای همان "
    "دوره کنارشان. این دفتر درونی است و هیچ رقمِ آن در جمع‌های سامانه نمی‌آید."
)
TOLD_NEW, TOLD_ADD, TOLD_ADDED = _("ثبت رقمی تازه"), _("ثبت رقم"), _("رقم ثبت شد.")
TOLD_WITHDRAWN, TOLD_WITHDRAW = _("رقم از دفتر کنار گذاشته شد."), _("کنار گذاشتن از دفتر")
TOLD_REASON = _("چرا اشتباه ثبت شده است؟")
CONFLICT = _("ناهمخوان")
TOLD_TOPIC, TOLD_TOPIC_HELP = _("موضوع"), _("ارقامِ یک چیز را با یک موضوع بنویسید تا کنار هم بیایند.")
TOLD_KIND, TOLD_UNIT, TOLD_AMOUNT = _("دربارهٔ"), _("یکا"), _("رقم")
TOLD_AMOUNT_HELP = _("پول را به تومان بنویسید.")
TOLD_PRECISION, TOLD_START, TOLD_END = _("دقت"), _("از روز"), _("تا روز")
TOLD_PERIOD, TOLD_SOURCE, TOLD_ON, TOLD_NOTE = _("دوره"), _("منبع"), _("روز گفتن"), _("یادداشت")
TOLD_OWN, TOLD_DIFFERENCE, NOT_KNOWN = _("دفترهای سامانه"), _("اختلاف"), _("سامانه نمی‌داند")
BAD_AMOUNT = _("رقم را با عدد بنویسید.")
NO_PERIOD = _("گفته نشده")
MORE, LESS, EQUAL = _("{figure} بیشتر"), _("{figure} کمتر"), _("برابر")
EXACTLY, BILLIONS = _("دقیق"), _("{count} میلیارد تومان")

# --- fair share
SHARE_TITLE = _("سهم عادلانه")
SHARE_INTRO = _(
    "دریافت و تحویل در کنار شمار مددجویان، کم‌بهره‌ترین جا در آغاز. شمارهای کمتر از {least} نفر نشان داده نمی‌شوند."
)
SHARE_SOURCE = _("شمار مددجویان: {source}، به تاریخ {day}.")
SHARE_NO_FILE = _("هنوز آماری از مددجویان گرفته نشده است؛ تا آن روز تنها جمع‌ها دیده می‌شوند.")
SHARE_PROVINCES, SHARE_COUNTIES = _("استان‌ها به نسبت مددجویان"), _("شهرستان‌های استان {name} به نسبت مددجویان")
CLIENTS, PROVINCE, COUNTY = _("مددجو"), _("استان"), _("شهرستان")
RECEIVED, RECEIVED_RATE = _("دریافت"), _("دریافت برای هر ۱٬۰۰۰ نفر")
DELIVERED, DELIVERED_RATE = _("تحویل"), _("تحویل برای هر ۱٬۰۰۰ نفر")
LEFT, EMPOWERED, OUTCOME_COST = _("بیرون از چرخه"), _("در راه توانمندی"), _("تحویل به ازای هر پیامد")
FEW = _("کمتر از {least}")
GROUPS = _("گروه‌ها")
OUTCOME_NOTE = _("پیامد یعنی کسی که در راه توانمندی است یا از چرخهٔ حمایت بیرون رفته است")
IMPORT_TITLE, IMPORT_LINK = _("گرفتن آمار مددجویان"), _("گرفتن آمار")
IMPORT_TEXT = _(
    "فایل CSV با یک سطر برای هر شهرستان، گروه و حمایت. تنها شمار افراد؛ هیچ نام، شماره یا نشانی در آن نیست. "
    "آمارِ تازه‌ترین روز به کار می‌رود."
)
IMPORT, CANCEL, TAKEN = _("گرفتن فایل"), _("بازگشت"), _("آمار گرفته شد.")
LINE = _("سطر {line}: {why}")
AS_OF, SOURCE, FILE = _("به تاریخ"), _("منبع"), _("فایل CSV")
KNOWN_GROUPS, KNOWN_SUPPORT = _("گروه‌ها"), _("حمایت")

# --- small gifts
HABITS_TITLE = _("کمک‌های خرد و بازآمدگان")
HABITS_INTRO = _(
    "کمک خرد تا {small} است. «بازآمده» کسی است که شمارهٔ همراه گذاشته و پیش از آن هم کمک کرده است؛ شمرده می‌شود و هرگز "
    "نام برده نمی‌شود. شمارش هر شب تازه می‌شود."
)
HABITS_PERIOD, HABITS_ORDER, HABITS_SHOW = _("دوره"), _("ترتیب پویش‌ها"), _("نمایش")
ORDERS = {"yield": _("دریافت"), "cost": _("هزینه"), "back": _("بازآمدگان")}
HABITS_NONE = _("هنوز شمارشی انجام نشده است؛ شمارش هر شب انجام می‌شود.")
GIFTS, SMALL_GIFTS, SMALL_SHARE, SMALL_RIAL = _("کمک"), _("کمک خرد"), _("سهم از شمار"), _("جمع کمک‌های خرد")
MEDIAN, GIVERS, CAME_BACK = _("میانهٔ کمک‌ها"), _("نیکوکار با شماره"), _("بازآمده")
BY_CHANNEL, CHANNEL = _("کمک‌های خرد به تفکیک راه پرداخت"), _("راه پرداخت")
BY_CAMPAIGN, CAMPAIGN = _("کمک‌های خرد به تفکیک پویش"), _("پویش")
RANKING_HEADS = (
    _("پویش"), _("رسیده (ریال)"), _("شمار کمک"), _("هزینهٔ رویدادها (ریال)"), _("نیکوکاران شناخته"), _("بازگشته"),
)  # fmt: skip
RANKING = _("سی پویش به ترتیب {order}")
YIELD, COST, COST_SHARE = _("دریافت"), _("هزینهٔ رویدادها"), _("هزینه از دریافت")
NO_CAMPAIGN, ALL_GIFTS = _("بدون پویش"), _("همهٔ کمک‌های نقدی")

# --- open data
OPEN_TITLE = _("دادهٔ باز مشارکت‌های مردمی، نسخهٔ ۱")
OPEN_RULES = _(
    "جدول‌های ثابت به تفکیک ماه‌های پایان‌یافته. خانه‌هایی که از {gifts} کمک یا {households} خانوار کمترند با هم جمع "
    "شده‌اند؛ هیچ ردیفی دربارهٔ یک شخص نیست."
)
OPEN_OTHER = _("دیگر (خانه‌های کوچک با هم)")
OPEN_TITLES = {
    "receipts-by-province": _("دریافت ماهانه به تفکیک استان"),
    "receipts-by-fund": _("دریافت ماهانه به تفکیک نیت"),
    "receipts-by-campaign": _("دریافت ماهانه به تفکیک پویش"),
    "receipts-by-channel": _("دریافت ماهانه به تفکیک راه پرداخت"),
    "receipts-by-kind": _("دریافت ماهانه به تفکیک نقدی، غیرنقدی و خدمت"),
    "deliveries-by-purpose": _("تحویل ماهانه به تفکیک مصرف"),
}
