"""Persian words of neighbourhoods and their capitals."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "neighbourhood_name_required": _("نام محله را بنویسید."),
    "neighbourhood_exists": _("این محله پیش‌تر ثبت شده است."),
    "neighbourhood_elsewhere": _("این محله در شهرستان دیگری است."),
    "asset_title_required": _("بنویسید چه چیزی هست."),
    "asset_holder_required": _("بنویسید نزد چه کسی یا کجاست."),
    "asset_use_required": _("دست‌کم یک نیاز را برگزینید."),
}

ASSETS = _("سرمایه‌های محله")
INTRO = _("شش سرمایهٔ هر شهرستان و محله: چه چیزی، نزد چه کسی و به کار کدام نیاز می‌آید.")
NEW = _("سرمایهٔ تازه")
NEW_PLACE = _("افزودن محله")
EDIT, SAVE, SAVED, CANCEL = _("ویرایش"), _("ثبت"), _("ثبت شد."), _("انصراف")
NONE = _("چیزی پیدا نشد.")
WHAT, HOLDER, CONTACT, USEFUL_FOR, PLACE, CAPITAL = (
    _("چه چیزی"), _("نزد چه کسی"), _("راه تماس"), _("به کار"), _("جا"), _("سرمایه"),
)  # fmt: skip
LIST_HEADS = (WHAT, CAPITAL, HOLDER, USEFUL_FOR, _("استان"), _("شهرستان"), _("محله"))
WHOLE_COUNTY = _("همهٔ شهرستان")
DEMO = _("نمونهٔ نمایشی")
RETIRE = _("دیگر برقرار نیست")
