"""Words of this room that tables keep."""

from django.db import models


class GoodsCategory(models.TextChoices):
    FOOD = "food", "خوراک"
    CLOTHING = "clothing", "پوشاک"
    BEDDING = "bedding", "فرش و رختخواب"
    APPLIANCE = "appliance", "لوازم برقی خانه"
    KITCHEN = "kitchen", "آشپزخانه"
    REHAB = "rehab", "وسایل توانبخشی"
    EDUCATION = "education", "آموزش"
    HEALTH = "health", "بهداشت"
    TOOL = "tool", "ابزار کار"
    OTHER = "other", "دیگر"


class MoveKind(models.TextChoices):
    INTAKE = "intake", "ورود"
    SENT = "sent", "فرستاده شد"
    ARRIVED = "arrived", "رسید"
    RETURNED = "returned", "برگشت"
    LOST = "lost", "کسر شد"
    FOUND = "found", "اضافه شد"
    TO_KIT = "to_kit", "به بسته رفت"
    ISSUED = "issued", "داده شد"


class LossCause(models.TextChoices):
    EXPIRED = "expired", "گذشتن تاریخ"
    DAMAGED = "damaged", "آسیب"
    MISSING = "missing", "گم‌شدن"
    COUNT = "count", "شمارش"


class IntakeState(models.TextChoices):
    WAITING = "waiting", "در انتظار ارزیابی دوم"
    BOOKED = "booked", "ثبت شد"
    RETURNED = "returned", "برگشت برای اصلاح"


class TransferState(models.TextChoices):
    SENT = "sent", "در راه"
    ARRIVED = "arrived", "تحویل گرفته شد"
    REFUSED = "refused", "برگشت داده شد"


class StockCountState(models.TextChoices):
    WAITING = "waiting", "در انتظار تأیید"
    CONFIRMED = "confirmed", "تأیید شد"
    REFUSED = "refused", "دوباره شمرده شود"


class BatchState(models.TextChoices):
    PLANNED = "planned", "در حال تأمین"
    ASSEMBLED = "assembled", "آماده"
    CANCELLED = "cancelled", "لغو شد"


class KitSource(models.TextChoices):
    """Who pays for an item of a kit. Public budget is a source of its own, never income."""

    CASH = "cash", "کمک نقدی مردم"
    STOCK = "stock", "کالای اهدایی در انبار"
    PROMISE = "promise", "تعهد شریک"
    PUBLIC = "public", "بودجهٔ عمومی"
