"""Persian sentences of the desk's start page and of its search."""

from django.utils.translation import gettext_lazy as _

TODAY = _("امروز چه باید کرد")
TO_DECIDE = _("در انتظار شما")
MINE = _("به نام شما")
NOBODYS = _("در صف اداره، هنوز بی‌صاحب")
NOTHING_TODAY = _("کاری در انتظار شما نیست.")

SEARCH = _("جست‌وجو")
SEARCH_IN = _("جست‌وجو در همهٔ حوزهٔ خود")
SEARCH_HINT = _(
    "کد رهگیری، رسید، شمارهٔ مرجع بانک، شماره یا کد صندوق، نام پویش، نیاز، رویداد، شریک، داوطلب، همکار، شهرستان"
)
TOO_SHORT = _("دست‌کم دو نویسه بنویسید.")
NOTHING_FOUND = _("چیزی پیدا نشد")
NOTHING_FOUND_TEXT = _("املا و شماره را بازبینی کنید. آنچه در حوزهٔ شما نیست نشان داده نمی‌شود.")
MORE = _("و بیش از این؛ دقیق‌تر بنویسید.")
KINDS = {
    "gifts": _("کمک‌ها"),
    "payments": _("پرداخت‌ها"),
    "boxes": _("صندوق‌ها"),
    "codes": _("کدهای چاپی"),
    "campaigns": _("پویش‌ها"),
    "needs": _("نیازها"),
    "cases": _("پرونده‌ها"),
    "care": _("پیام‌های نیکوکاران"),
    "events": _("رویدادها"),
    "partners": _("شریک‌ها"),
    "volunteers": _("داوطلبان"),
    "colleagues": _("همکاران"),
    "counties": _("شهرستان‌ها"),
    "goods": _("کمک‌های غیرنقدی"),
    "claims": _("پیگیری واریزها"),
}
BOX = _("صندوق {number}")
CASE = _("{kind}")
