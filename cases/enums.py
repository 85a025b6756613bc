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
    MISSING_HERE = "missing_here", "در گزارش هست، نزد ما نیست"
    MISSING_THERE = "missing_there", "نزد ما هست، در گزارش نیست"
    AMOUNT_DIFFERS = "amount_differs", "مبلغ ناهمخوان"
    FEE_DIFFERS = "fee_differs", "کارمزد ناهمخوان"
    REVERSED_LATER = "reversed_later", "برگشت پس از موفقیت"
    PAYOUT_MISSING = "payout_missing", "واریز تسویه در بانک دیده نشد"
    UNKNOWN_DEPOSIT = "unknown_deposit", "واریز ناشناس"
    LINE_CHANGED = "line_changed", "ردیف صورت‌حساب تغییر کرد"
    TWIN_OR_REPEAT = "twin_or_repeat", "دو واریز همانند یا تکرار یک ردیف"
    UNREAD_LINES = "unread_lines", "ردیف‌های خوانده‌نشده"
    CASH_SHORT = "cash_short", "کسری یا فزونی صندوق"
    BOX_TROUBLE = "box_trouble", "صندوق: مهروموم، گم‌شدن یا آسیب"
    PROMISE_LATE = "promise_late", "وعده‌ای که موعدش گذشت"
    DONOR_CLAIM = "donor_claim", "پیگیری واریز از سوی نیکوکار"
    BOOKS = "books", "ناسازگاری در دفترها"


class CareKind(models.TextChoices):
    """What a donor's matter is."""

    QUESTION = "question", "پرسش"
    COMPLAINT = "complaint", "شکایت"
    BENEFACTOR = "benefactor", "مسئلهٔ نیکوکار"


class CareState(models.TextChoices):
    """Whose turn it is."""

    OPEN = "open", "در انتظار پاسخ"
    ANSWERED = "answered", "پاسخ داده شد"
    CLOSED = "closed", "بسته"


class Escalation(models.IntegerChoices):
    """Who looks after a case that is late."""

    NONE = 0, "کارشناس"
    MANAGER = 1, "مدیر استان"
    HEADQUARTERS = 2, "ستاد"
