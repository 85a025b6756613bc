from django.db import models


class CaseState(models.TextChoices):
    OPEN = "open", "باز"
    CLOSED = "closed", "بسته"


class CaseKind(models.TextChoices):
    """Why a person must look. The due time of each stands in `cases.services`."""

    CALLBACK_MISFIT = "callback_misfit", "بازگشتِ ناسازگار از بانک"
    CALLBACK_UNKNOWN = "callback_unknown", "بازگشتِ بی‌صاحب از بانک"
    ANSWER_MISFIT = "answer_misfit", "پاسخ بانک با سفارش نمی‌خواند"
    PAID_TWICE = "paid_twice", "دو بار پرداخت برای یک کمک"
    REFERENCE_REUSED = "reference_reused", "شمارهٔ مرجع تکراری"
    UNDECIDED = "undecided", "بی‌پاسخ تا پایان مهلت بانک"
    BOOKS = "books", "ناسازگاری در دفترها"
