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


class CallbackVerdict(models.TextChoices):
    WAITING = "waiting", "در صف"
    ASKED = "asked", "از بانک پرسیده شد"
    MISFIT = "misfit", "ناسازگار؛ پرونده باز شد"
    UNKNOWN_ATTEMPT = "unknown_attempt", "بی‌صاحب؛ پرونده باز شد"


class RefundKind(models.TextChoices):
    ASKED = "asked", "به درخواست"
    BY_BANK = "by_bank", "برگشت از سوی بانک"


class RefundState(models.TextChoices):
    REQUESTED = "requested", "در انتظار تأیید"
    APPROVED = "approved", "تأییدشده، در راه بانک"
    BY_HAND = "by_hand", "تأییدشده، برگشت دستی"
    DONE = "done", "برگشت"
    REFUSED = "refused", "رد شد"
