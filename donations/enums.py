from django.db import models


class DonationStatus(models.TextChoices):
    """What became of a gift, as the API and the donor's page say it."""

    PENDING = "pending", "در انتظار بانک"
    RECEIVED = "received", "دریافت شد"
    FAILED = "failed", "انجام نشد"
    UNDER_REVIEW = "under_review", "در دست بررسی"
    REFUNDED = "refunded", "برگردانده شد"


class InKindState(models.TextChoices):
    """How far a gift of goods has come, from an offer to a warehouse."""

    OFFERED = "offered", "پیشنهاد شده"
    AGREED = "agreed", "پذیرفته شده، در انتظار کالا"
    DECLINED = "declined", "پذیرفته نشد"
    LAPSED = "lapsed", "کالا نرسید"
    APPRAISING = "appraising", "دریافت شد، در انتظار ارزیابی دوم"
    RECEIVED = "received", "دریافت و ثبت شد"


class HandOver(models.TextChoices):
    BRING = "bring", "خودم می‌آورم"
    PICKUP = "pickup", "بیایند ببرند"


class DayPart(models.TextChoices):
    MORNING = "morning", "۸ تا ۱۲"
    NOON = "noon", "۱۲ تا ۱۶"
    EVENING = "evening", "۱۶ تا ۲۰"


class GoodsUnit(models.TextChoices):
    PIECE = "piece", "عدد"
    KILOGRAM = "kilogram", "کیلوگرم"
    PACK = "pack", "بسته"
    CARTON = "carton", "کارتن"
    PAIR = "pair", "جفت"
    SET = "set", "دست"
    METRE = "metre", "متر"
    LITRE = "litre", "لیتر"


class Condition(models.TextChoices):
    NEW = "new", "نو"
    AS_NEW = "as_new", "در حد نو"
    USED = "used", "کارکردهٔ سالم"
    REPAIR = "repair", "نیازمند تعمیر"


class AppraisalWay(models.TextChoices):
    """On what an appraised value rests."""

    MARKET = "market", "قیمت بازار"
    INVOICE = "invoice", "فاکتور"
    EXPERT = "expert", "نظر کارشناس"
