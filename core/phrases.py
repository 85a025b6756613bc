"""Sentences for the codes that services raise; every room adds its own in its `phrases` module."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "invalid": _("بعضی از داده‌ها درست نیست؛ «fields» را ببینید."),
    "error": _("درخواست انجام نشد."),
    "bad_date": _("تاریخ درست نیست. نمونه: ۱۴۰۵/۰۱/۳۱"),
    "bad_period": _("پایان بازه نباید پیش از آغاز آن باشد."),
    "bad_goods_quantity": _("مقدار را با رقم بنویسید؛ مثلاً ۱۲ یا ۲٫۵."),
    "bad_photo_file": _("عکس باید JPEG، PNG یا WebP و کوچک‌تر از ۵ مگابایت باشد."),
    "not_found": _("چنین چیزی پیدا نشد."),
    "not_allowed": _("اجازهٔ این کار را ندارید."),
}


def add_sentences(sentences: dict) -> None:
    """Add a room's sentences; a code that exists already raises, so that no two rooms speak over each other."""
    for code, text in sentences.items():
        if SENTENCES.setdefault(code, text) is not text:
            raise ValueError(f"two sentences for {code}")


def sentence(code: str) -> str:
    """The Persian sentence for a code, or a general one for a code without its own."""
    return str(SENTENCES.get(code, SENTENCES["error"]))
