"""Persian words of events."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "event_cannot_move": _("رویداد در وضعیت کنونی به این گام نمی‌رود."),
    "event_is_over": _("این رویداد برگزار یا لغو شده است."),
    "event_is_full": _("برای این شمار جا نمانده است."),
    "event_has_passed": _("زمان این رویداد گذشته است."),
    "event_to_come": _("زمان این رویداد هنوز نرسیده است."),
    "event_not_announced": _("این رویداد اعلام نشده یا به پایان رسیده است."),
    "place_required": _("محل را بنویسید."),
    "bad_capacity": _("گنجایش باید از ۱ تا ۲۰٬۰۰۰ نفر باشد."),
    "capacity_taken": _("بیش از این شمار جا داده شده است."),
    "need_elsewhere": _("این نیاز از استان دیگری است."),
    "event_report_required": _("گزارش را بنویسید."),
    "guest_name_required": _("نام را بنویسید."),
}

INVITATION_SMS = "به «{title}» دعوت شده‌اید: {day}، ساعت {time}. کارت دعوت: {url}\nسازمان بهزیستی کشور"

EVENTS = _("رویدادها")
EVENTS_INTRO = _("افطار، جشن، آیین و برنامه؛ مهمانان، وعده‌ها، کمک‌ها و هزینه‌های هر کدام.")
NEW_EVENT = _("رویداد تازه")
EDIT = _("ویرایش")
NONE = _("رویدادی نیست.")
DUE = _("وعده‌هایی که موعدشان رسیده است")
SAVED = _("ثبت شد.")
ANNOUNCE = _("اعلام به مردم")
HOLD = _("برگزار شد")
REPORT = _("ثبت گزارش")
CANCEL = _("لغو رویداد")
GUESTS = _("مهمانان")
ADD_GUEST = _("افزودن مهمان")
SEND = _("فرستادن دعوت با پیامک")
SENT = _("{count} دعوت در صف پیامک نشست.")
INVITATIONS = _("کارت‌های دعوت برای چاپ")
CHECK_IN = _("پذیرش مهمان")
LET_IN = _("وارد شد")
CAME = _("پذیرش ثبت شد.")
CAME_BEFORE = _("این دعوت پیش‌تر پذیرش شده است.")
PROMISES = _("وعده‌ها")
ADD_PROMISE = _("ثبت وعده")
FOLLOW = _("ثبت پیگیری")
COSTS = _("هزینه‌ها")
COSTS_TEXT = _("هزینهٔ رویداد از کمک‌های مردم برداشته نمی‌شود.")
ADD_COST = _("ثبت هزینه")
GIFTS = _("کمک‌ها با کد این رویداد")
GIFTS_BY_NEED = _("کمک‌ها به تفکیک نیازهای این رویداد")
NEED, GIFT_COUNT, SUM = _("نیاز"), _("شمار"), _("جمع")
FUND_ALONE = _("برای نیت، بدون نیاز معین")
STATE, KIND, PLACE, TIME, CAPACITY, FUND, CODE = (
    _("وضعیت"), _("نوع"), _("جا"), _("زمان"), _("گنجایش"), _("نیت"), _("کد"),
)  # fmt: skip
INVITED, CAME_COUNT = _("دعوت‌شده"), _("آمده")
PUBLIC_PAGE = _("صفحهٔ عمومی")
GIVE = _("کمک به این رویداد")
INVITATION = _("کارت دعوت")
INVITATION_TEXT = _("هنگام ورود، همین صفحه یا برگهٔ چاپی آن را نشان دهید.")
SEATS = _("برای {count} نفر")
NAV_EVENTS = _("رویدادها")
