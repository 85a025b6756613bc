from django.db import models


class GatewayName(models.TextChoices):
    """Codes of the gateways in addresses and in the API."""

    ZARINPAL = "zarinpal", "زرین‌پال"
    SEP = "sep", "سپ (سامان)"
    SADAD = "sadad", "سداد (ملی)"
    MELLAT = "mellat", "به‌پرداخت ملت"
    ZIBAL = "zibal", "زیبال"


class AttemptState(models.TextChoices):
    CREATED = "created", "ساخته شد"
    REDIRECTED = "redirected", "به بانک رفت"
    UNKNOWN = "unknown", "بانک پاسخ نداد"
    UNDER_REVIEW = "under_review", "نزد کارشناس"
    SUCCEEDED = "succeeded", "پرداخت شد"
    FAILED = "failed", "پرداخت نشد"
    REFUNDED = "refunded", "برگردانده شد"


# Few are in these at a time: an index of their own finds them.
RARE_STATES = (
    AttemptState.CREATED, AttemptState.REDIRECTED, AttemptState.UNKNOWN, AttemptState.UNDER_REVIEW,
    AttemptState.REFUNDED,
)  # fmt: skip


class CallbackVerdict(models.TextChoices):
    WAITING = "waiting", "در صف"
    ASKED = "asked", "از بانک پرسیده شد"
    MISFIT = "misfit", "ناسازگار؛ پرونده باز شد"
    UNKNOWN_ATTEMPT = "unknown_attempt", "بی‌صاحب؛ پرونده باز شد"


class HeldKind(models.TextChoices):
    """Why money is unusual. Each kind has a fixed way: see `payments.services.held.ways_of`."""

    PAID_TWICE = "paid_twice", "دو بار پرداخت برای یک کمک"
    LATE = "late", "پرداخت پس از رها شدن کمک"
    AMOUNT_DIFFERS = "amount_differs", "مبلغ دیگر"
    ANSWER_DIFFERS = "answer_differs", "پاسخ ناسازگار بانک"
    REFERENCE_REUSED = "reference_reused", "مرجع تکراری"
    UNKNOWN_REFERENCE = "unknown_reference", "مرجع ناشناخته"


class HeldState(models.TextChoices):
    OPEN = "open", "در انتظار تصمیم"
    GIFT = "gift", "کمک شد"
    RETURNED = "returned", "برگردانده شد"
    DISMISSED = "dismissed", "پولی در میان نبود"


class Way(models.TextChoices):
    """What an accountant may propose for held money. Sending it back is a refund, an object of its own."""

    FURTHER_GIFT = "further_gift", "کمکی دیگر از همان نیکوکار برای همان نیت"
    ACCEPT_PAID = "accept_paid", "پذیرش همان کمک به مبلغ پرداخت‌شده"
    ASSIGN = "assign", "نسبت دادن به یک کمک یا نیت"
    RETURN = "return", "برگشت داده شده در پنل بانک"
    DISMISS = "dismiss", "پولی نزد ما نیست"


class DecisionState(models.TextChoices):
    REQUESTED = "requested", "در انتظار تأیید"
    DONE = "done", "تأیید و انجام شد"
    REFUSED = "refused", "رد شد"


class RefundKind(models.TextChoices):
    ASKED = "asked", "به درخواست"
    BY_BANK = "by_bank", "برگشت از سوی بانک"


class RefundState(models.TextChoices):
    REQUESTED = "requested", "در انتظار تأیید"
    APPROVED = "approved", "تأییدشده، در راه بانک"
    BY_HAND = "by_hand", "تأییدشده، برگشت دستی"
    DONE = "done", "برگشت"
    REFUSED = "refused", "رد شد"


class SourceKind(models.TextChoices):
    """What the files of a source speak of."""

    GATEWAY_TRANSACTIONS = "gateway_transactions", "گزارش تراکنش‌های درگاه"
    GATEWAY_SETTLEMENT = "gateway_settlement", "گزارش تسویهٔ درگاه"
    BANK = "bank", "صورت‌حساب بانک"
    USSD = "ussd", "گزارش روزانهٔ کد دستوری"
    APP = "app", "گزارش روزانهٔ برنامهٔ پرداخت"
    POS = "pos", "گزارش کارت‌خوان"


class FileFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "اکسل (XLSX)"
    FIXED = "fixed", "متن با ستون‌های ثابت"


class ImportState(models.TextChoices):
    RECEIVED = "received", "دریافت شد"
    READING = "reading", "در حال خواندن"
    READ = "read", "خوانده شد"
    POSTED = "posted", "ثبت شد"
    REFUSED = "refused", "پذیرفته نشد"


class LineKind(models.TextChoices):
    PAYMENT = "payment", "پرداخت"
    PAYOUT = "payout", "واریز تسویه"
    FEE = "fee", "کارمزد"
    REVERSAL = "reversal", "برگشت"
    CREDIT = "credit", "واریز"
    DEBIT = "debit", "برداشت"


class LineState(models.TextChoices):
    NEW = "new", "تازه"
    MATCHED = "matched", "تطبیق شد"
    SUGGESTED = "suggested", "پیشنهاد دارد"
    SUSPENSE = "suspense", "نامعین"
    DIFFERS = "differs", "ناهمخوان"
    DISCARDED = "discarded", "کنار گذاشته شد"


class KeyMode(models.TextChoices):
    """What a partner's key is for."""

    LIVE = "live", "واقعی"
    SANDBOX = "sandbox", "آزمایشی"


class LineVerdict(models.TextChoices):
    """What became of a line that a partner reported."""

    ACCEPTED = "accepted", "پذیرفته شد"
    KNOWN = "known", "پیش‌تر گزارش شده بود"
    CONFLICT = "conflict", "با گزارش پیشین نمی‌خواند"
    REFUSED = "refused", "پذیرفته نشد"


class CounterWay(models.TextChoices):
    """How a gift is handed over at an office's counter."""

    CASH = "cash", "پول نقد"
    CHEQUE = "cheque", "چک"
    POS = "pos", "کارت‌خوان"


class CounterState(models.TextChoices):
    PENDING = "pending", "در انتظار وصول چک"
    BOOKED = "booked", "دریافت شد"
    CANCELLED = "cancelled", "باطل شد"
    BOUNCED = "bounced", "چک برگشت خورد"
    RETURNED = "returned", "چک پس داده شد"


class ChequeState(models.TextChoices):
    IN_HAND = "in_hand", "نزد اداره"
    CASHED = "cashed", "وصول شد"
    BOUNCED = "bounced", "برگشت خورد"
    RETURNED = "returned", "پس داده شد"


class CorrectionState(models.TextChoices):
    REQUESTED = "requested", "در انتظار تأیید"
    DONE = "done", "باطل شد"
    REFUSED = "refused", "رد شد"


class CancelMoney(models.TextChoices):
    """Where the money of a cancelled gift of the counter is."""

    NONE = "none", "پولی نزد ما نیست: دریافت نشده بود یا همان‌جا پس داده شد"
    BANK = "bank", "پول به ما رسیده و از حساب بانکی به نیکوکار برگردانده شد"
    KEPT = "kept", "پول نزد ما می‌ماند و برای نیت یا جای درست از نو ثبت می‌شود"


class DifferenceWay(models.TextChoices):
    """What becomes of cash that a count found missing or too much."""

    WRITE_OFF = "write_off", "کسری هزینه شود"
    MADE_GOOD = "made_good", "کسری به صندوق برگشت؛ در شمارش بعد می‌آید"
    GIFT = "gift", "فزونی کمک یک نیت است"


class CountState(models.TextChoices):
    WAITING = "waiting", "در انتظار تأیید"
    CONFIRMED = "confirmed", "تأیید شد"
    REFUSED = "refused", "رد شد؛ دوباره شمرده شود"


class DepositKind(models.TextChoices):
    CASH = "cash", "پول نقد"
    CHEQUE = "cheque", "چک"
    BOX = "box", "صندوق فطریه"


class DepositState(models.TextChoices):
    AWAITING = "awaiting", "در انتظار صورت‌حساب بانک"
    MATCHED = "matched", "در بانک دیده شد"
    WITHDRAWN = "withdrawn", "پس گرفته شد"


class DiscrepancyKind(models.TextChoices):
    """Why ours, the report and the bank do not agree. The codes are those of the cases they open."""

    MISSING_HERE = "missing_here", "در گزارش هست، نزد ما نیست"
    MISSING_THERE = "missing_there", "نزد ما هست، در گزارش نیست"
    AMOUNT_DIFFERS = "amount_differs", "مبلغ ناهمخوان"
    FEE_DIFFERS = "fee_differs", "جمع واریز با ردیف‌ها نمی‌خواند"
    REVERSED_LATER = "reversed_later", "برگشت پس از موفقیت"
    PAYOUT_MISSING = "payout_missing", "واریز تسویه در بانک دیده نشد"
    UNKNOWN_DEPOSIT = "unknown_deposit", "واریز ناشناس"
    TWIN_OR_REPEAT = "twin_or_repeat", "دو بار همان پرداخت"


UNREAD_LINES = "unread_lines"  # the case of a file about lines that no reader could read


class DayState(models.TextChoices):
    """From worst to best."""

    DIFFERS = "differs", "ناهمخوان"
    WAITING = "waiting", "در انتظار گزارش"
    ON_THE_WAY = "on_the_way", "در راه بانک"
    CLEAN = "clean", "تراز"


class ClaimState(models.TextChoices):
    OPEN = "open", "در دست بررسی"
    PROPOSED = "proposed", "در انتظار تأیید"
    DONE = "done", "پیدا شد و رسید صادر شد"
    REFUSED = "refused", "پیدا نشد"


OPEN_CLAIMS = (ClaimState.OPEN, ClaimState.PROPOSED)


class LineWay(models.TextChoices):
    """What a person may propose for what the machine does not decide."""

    MATCH = "match", "همین پرداخت یا تسویه است"
    GIFT = "gift", "کمک برای یک نیت"
    CLAIM = "claim", "واریز همین نیکوکار"
    DISCARD = "discard", "کنار گذاشتن ردیف"
    WRITE_OFF = "write_off", "سند اصلاحی (هزینه)"
    ACCEPT = "accept", "پذیرش با ذکر دلیل"
