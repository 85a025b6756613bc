"""Persian sentences of this room."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "role_unfit": _("این نقش به این سطح از اداره نمی‌خورد."),
    "membership_overlaps": _("این شخص در این روزها همین نقش را در همین اداره دارد."),
    "last_administrator": _("پس از این روز هیچ مدیر سامانه‌ای نمی‌ماند؛ نخست دیگری را بگمارید."),
    "no_new_device": _("رمزساز تازه‌ای در راه نیست؛ نخست یکی بسازید."),
    "wrong_code": _("کد درست نیست یا کهنه شده است."),
    "demo_only": _("این کار تنها در نسخهٔ نمایشی شدنی است."),
    "unknown_demo_user": _("چنین کاربری در نسخهٔ نمایشی نیست."),
}

HQ_TITLE = _("ستاد کشور")
NAV_DESK = _("میز کار")
NAV_COUNTER = _("پیشخوان")
NAV_IN_KIND = _("کمک‌های غیرنقدی")
NAV_STOCK = _("انبار و بسته‌ها")
NAV_CAMPAIGNS = _("پویش‌ها")
NAV_CAMPAIGNS_HQ = _("پویش‌های کشور")
NAV_EVENTS = _("رویدادها")
NAV_BOXES = _("صندوق‌ها و کدها")
NAV_CODES = _("کدهای چاپی")
NAV_CARE = _("نیکوکاران")
NAV_CARE_HQ = _("کارگروه نیکوکاران")
NAV_GAPS = _("نقشهٔ مسئولیت اجتماعی")
NAV_GAPS_HQ = _("نقشهٔ کشور")
NAV_PARTNERS = _("شرکا")
NAV_PARTNERS_HQ = _("شرکای کشور")
NAV_AGREEMENTS = _("تفاهم‌نامه‌ها")
NAV_PROMISES = _("وعده‌ها")
NAV_NEIGHBOURHOODS = _("سرمایه‌های محله")
NAV_HEALTH = _("سلامت سامانه")
NAV_NEEDS = _("نیازها")
NAV_AID = _("تخصیص و تحویل")
NAV_VOLUNTEERS = _("داوطلبان")
NAV_VOLUNTEERS_HQ = _("شبکهٔ داوطلبان")
NAV_CASES = _("پرونده‌ها")
NAV_PAYMENTS = _("پرداخت‌ها")
NAV_REFUNDS = _("برگشت وجه")
NAV_STATEMENTS = _("صورت‌حساب‌ها")
NAV_RECONCILIATION = _("تطبیق و بستن روز")
NAV_HQ_RECONCILIATION = _("تطبیق استان‌ها")
NAV_CLAIMS = _("پیگیری واریزها")
NAV_CHANNELS = _("راه‌های پرداخت")
NAV_RATES = _("نرخ فطریه و کفاره")
NAV_OCCASIONS = _("مناسبت‌ها")
NAV_RUNBOOK = _("برنامهٔ کار موسم")
NAV_GROUP_OWN = _("حساب من")
NAV_REMINDERS = _("یادآوری پیامکی")
REMINDERS_TEXT = _(
    "اگر صندوقی در حوزهٔ شما در گام بعدی دیر کند، یا کاری که به شما یا نقش شما سپرده شده از روزش بگذرد، "
    "ساعت ۹ پیامکی می‌آید: "
    "روزی یک پیامک و نه بیشتر، جمعه‌ها هیچ. شماره رمزشده نگه داشته می‌شود و همکاران آن را نمی‌بینند."
)
REMINDERS_SAVED = _("ذخیره شد.")
NAV_PASSWORD = _("تغییر گذرواژه")
NAV_GROUP_MONEY = _("پول و تطبیق")
NAV_GROUP_SEASON = _("پویش و موسم")
NAV_GROUP_AID = _("نیاز و رساندن")
NAV_GROUP_PEOPLE = _("مردم و شرکا")
NAV_GROUP_HQ = _("ستاد: نمای کشور")
NAV_GROUP_HQ_SEASON = _("ستاد: پویش و موسم")
NAV_GROUP_ADMIN = _("ادارهٔ سامانه")
NAV_REPORT = _("گزارش دوره‌ای")
NAV_FAIR_SHARE = _("سهم عادلانه")
NAV_SMALL_GIFTS = _("کمک‌های خرد")
NAV_TOLD = _("ارقام گفته‌شده")
NAV_HQ = _("نمای کشور")
NAV_ADMIN = _("مدیریت سامانه")

COUNTY_OFFICE = _("ادارهٔ بهزیستی شهرستان {county}")

LOCKED = _(
    "پس از چند بار تلاش نادرست، ورود با این نام کاربری برای مدتی بسته شد. "
    "{minutes} دقیقه دیگر دوباره بیازمایید."
)
KNOCKS = _(
    "از این‌جا یا با این نام کاربری تلاش‌های نادرست بسیاری شده است. {minutes} دقیقه دیگر دوباره بیازمایید؛ "
    "از دستگاهی که پیش‌تر با آن وارد شده‌اید، همین حالا می‌توانید."
)
NO_MEMBERSHIP_HEADING = _("اکنون در هیچ اداره‌ای عضو نیستید")
NO_MEMBERSHIP = _(
    "ورود شما درست بود، ولی امروز عضویت فعالی در هیچ ادارهٔ بهزیستی ندارید: "
    "یا هنوز آغاز نشده است یا به پایان رسیده."
)
NO_MEMBERSHIP_NEXT = _("برای گشودن دوبارهٔ دسترسی با مدیر سامانه یا مدیر استان خود تماس بگیرید.")
SIGN_OUT = _("خروج")
PASSWORD_CHANGED = _("گذرواژه عوض شد.")

FAILED_SIGN_INS = _("ورودهای ناموفق")
PASSWORD_HELP = _("گذرواژه نگه داشته نمی‌شود و دیدنی نیست.")
PASSWORD_NEW = _("گذاشتن گذرواژهٔ تازه")
SECOND_FACTOR = _("رمزساز دومرحله‌ای")
SECOND_FACTOR_PICTURE = _("رمزینهٔ رمزساز")
SECOND_FACTOR_HOW = _(
    "شخص این رمزینه را با برنامهٔ رمزساز گوشی خود بخواند و کدی را که می‌بیند همین‌جا بنویسد. "
    "پس از تأیید، رمزساز پیشین از کار می‌افتد و این رمزینه دیگر نشان داده نمی‌شود."
)
SECOND_FACTOR_SECRET = _("اگر دوربین در کار نیست، این کلید را بنویسد:")
SECOND_FACTOR_NONE = _("این شخص هنوز رمزساز ندارد و نمی‌تواند وارد شود.")
SECOND_FACTOR_HAS = _("این شخص رمزساز تأییدشده دارد؛ آخرین ورود با آن:")
SECOND_FACTOR_START = _("ساختن رمزساز تازه")
SECOND_FACTOR_CONFIRM = _("تأیید")
SECOND_FACTOR_READY = _("رمزساز تازه تأیید شد.")
ACTING = _("سرپرست")
