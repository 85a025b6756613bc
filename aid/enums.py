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


class LossState(models.TextChoices):
    WAITING = "waiting", "در انتظار تأیید"
    BOOKED = "booked", "از موجودی کسر شد"
    REFUSED = "refused", "رد شد"


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


class Purpose(models.TextChoices):
    """What money is spent on. The values are those of `Fund.spendable_on`."""

    LIVELIHOOD = "livelihood", "معیشت"
    DOWRY = "dowry", "جهیزیه و کمک ازدواج"
    HOUSING = "housing", "مسکن"
    TREATMENT = "treatment", "درمان"
    REHAB_AID = "rehab_aid", "وسایل توانبخشی"
    EDUCATION = "education", "تحصیل"
    ORPHAN = "orphan", "کودکان بی‌سرپرست"
    FOOD = "food", "خوراک"
    RELIEF = "relief", "کمک فوری"
    FITRIYEH = "fitriyeh", "مصرف فطریهٔ عام"
    FITRIYEH_SADAT = "fitriyeh_sadat", "مصرف فطریهٔ سادات"
    ZAKAT = "zakat", "مصارف زکات"
    NAZR = "nazr", "نیتِ نذر"
    AQIQAH = "aqiqah", "عقیقه"
    QURBANI = "qurbani", "قربانی"
    KHUMS = "khums", "خمس"


class AllocationState(models.TextChoices):
    PROPOSED = "proposed", "در انتظار تأیید"
    REFUSED = "refused", "تأیید نشد"
    APPROVED = "approved", "تخصیص یافت"
    DELIVERED = "delivered", "تحویل شد"
    CANCELLED = "cancelled", "لغو شد"


class Attribution(models.TextChoices):
    """Which gifts of a pool pay for an allocation."""

    FIFO = "fifo", "به ترتیب رسیدن"
    SHARE = "share", "به سهم هر کمک"
    CHOSEN = "chosen", "کمک‌های نام‌برده"


class FirewallRule(models.TextChoices):
    """Why money of a pool may not go somewhere. The database speaks the same words."""

    PURPOSE = "purpose", "این نوع کمک در این مصرف هزینه نمی‌شود"
    NEED_KIND = "need_kind", "مصرف با نوع نیاز یکی نیست"
    NEED_STATE = "need_state", "این نیاز تأیید نشده یا پایان یافته است"
    NEED_POOL = "need_pool", "این کمک برای نیاز دیگری داده شده است"
    CAMPAIGN = "campaign", "این مصرف در نیت پویش نیست"
    PLACE = "place", "این پول برای جای دیگری داده شده است"
    KIT = "kit", "این بسته پولی از این نیت نمی‌خواهد یا دیگر در حال تأمین نیست"
    NAZR = "nazr", "نذر تنها در نیتِ گفته‌شده هزینه می‌شود؛ کمک و نیت آن را نام ببرید"
    FOOD_ONLY = "food_only", "کفاره و فدیه تنها با رسیدن خوراک ادا می‌شود"


class DeliveryForm(models.TextChoices):
    FOOD = "food", "خوراک"
    GOODS = "goods", "کالا"
    SERVICE = "service", "خدمت"
    CASH = "cash", "واریز به خانواده"


class Signatory(models.TextChoices):
    """The role in which somebody signed the minutes of a delivery; never who."""

    OFFICER = "officer", "کارشناس اداره"
    SOCIAL_WORKER = "social_worker", "مددکار"
    RECIPIENT = "recipient", "گیرنده"
    CENTRE = "centre", "مرکز مثبت زندگی"
    TRUSTEE = "trustee", "معتمد محل"
    SUPPLIER = "supplier", "تأمین‌کننده"


class Outcome(models.TextChoices):
    RELIEF = "relief", "کمک یک‌باره"
    EMPOWERMENT = "empowerment", "در راه توانمندی"
    INDEPENDENT = "independent", "از چرخهٔ حمایت بیرون رفت"
