"""Persian words of sheets that reference data leaves by and comes back by."""

from django.utils.translation import gettext_lazy as _

EXPORT, IMPORT = _("گرفتن فایل"), _("خواندن از فایل")
YES, NO = _("بله"), _("خیر")
INTRO = _(
    "ستون‌ها را از «گرفتن فایل» بردارید. ردیفی که کلیدش هست عوض می‌شود، ردیف دیگر ساخته می‌شود و هیچ ردیفی پاک نمی‌شود. "
    "نخست نشان داده می‌شود چه خواهد شد؛ یا همه ثبت می‌شود یا هیچ."
)
FILE = _("فایل CSV یا اکسل")
CHECK, CONFIRM = _("بررسی فایل"), _("ثبت همه")
LINE, KEY, STATE, WHAT = _("ردیف"), _("کلید"), _("نتیجه"), _("ستون‌ها یا خطا")
NEW, CHANGED, SAME, BAD = _("تازه"), _("عوض می‌شود"), _("همان است"), _("نادرست")
UNREADABLE = _("این فایل CSV یا اکسل نیست.")
TOO_LARGE = _("فایل بزرگ‌تر از اندازه است.")
NO_KEY = _("ستون «{key}» در فایل نیست.")
UNKNOWN_COLUMN = _("ستون «{name}» را نمی‌شناسیم.")
FIXED = _("«{name}» پس از ساخته‌شدن عوض نمی‌شود.")
TWICE = _("این کلید در همین فایل دو بار آمده است.")
NOTHING = _("فایل ردیفی ندارد.")
SAVED = _("{new} ردیف تازه و {changed} تغییر ثبت شد.")
