from django.db import models


class RateKind(models.TextChoices):
    """What a rate per person or per day is announced for."""

    FITRIYEH = "fitriyeh", "فطریه، هر نفر"
    KAFFARAH_DELIBERATE = "kaffarah_deliberate", "کفارهٔ عمد، هر روز"
    KAFFARAH_NON_DELIBERATE = "kaffarah_non_deliberate", "کفارهٔ غیرعمد، هر روز"
    FIDYAH = "fidyah", "فدیه، هر روز"


class CampaignScope(models.TextChoices):
    NATIONAL = "national", "ملی"
    PROVINCIAL = "provincial", "استانی"


class YearKind(models.TextChoices):
    JALALI = "jalali", "سال خورشیدی"
    HIJRI = "hijri", "سال قمری"


class CampaignState(models.TextChoices):
    DRAFT = "draft", "پیش‌نویس"
    APPROVED = "approved", "تأییدشده"
    OPEN = "open", "باز"
    CLOSED = "closed", "بسته"
    REPORTED = "reported", "گزارش‌شده"


class ChannelKind(models.TextChoices):
    WEB = "web", "درگاه اینترنتی"
    QR = "qr", "کد QR"
    USSD = "ussd", "کد دستوری"
    CARD = "card", "کارت"
    APP = "app", "برنامهٔ پرداخت"
    BOX = "box", "صندوق"
    POS = "pos", "کارت‌خوان"
    BANK = "bank", "واریز بانکی"
    COUNTER = "counter", "پیشخوان اداره"


IN_PERSON = (ChannelKind.BOX, ChannelKind.COUNTER)  # taken by hand: no number to publish or to look after


class ChannelEnding(models.TextChoices):
    """Why a number is ours no longer, or never became so."""

    REVOKED = "revoked", "باطل‌شده"
    REFUSED = "refused", "ردشده"


class CheckResult(models.TextChoices):
    """What somebody who looked after a channel found or did."""

    PROPOSED = "proposed", "پیشنهاد شد"
    CORRECTED = "corrected", "اصلاح شد"
    VERIFIED = "verified", "ستاد تأیید کرد"
    STILL_RIGHT = "still_right", "بررسی شد و درست است"
    REVOKED = "revoked", "تأیید برداشته شد"
    REFUSED = "refused", "پذیرفته نشد"


class PlacementKind(models.TextChoices):
    BOX = "box", "صندوق فطریه"
    POSTER = "poster", "پوستر"
    ADVERT = "advert", "آگهی"
    PROGRAMME = "programme", "برنامه"
    EVENT = "event", "رویداد"
    MEDIA = "media", "رسانه"


class BoxState(models.TextChoices):
    PLANNED = "planned", "برنامه‌ریزی‌شده"
    PRINTED = "printed", "چاپ‌شده"
    PLACED = "placed", "مستقر"
    SEALED = "sealed", "مهروموم‌شده"
    COLLECTED = "collected", "جمع‌آوری‌شده"
    COUNTED = "counted", "شمرده‌شده"
    DEPOSITED = "deposited", "واریزشده"
    RECONCILED = "reconciled", "در بانک دیده‌شده"
    LOST = "lost", "گم‌شده"
    DAMAGED = "damaged", "آسیب‌دیده"


class PermitStanding(models.TextChoices):
    """How a box's permit stands today; not stored."""

    NONE = "none", "بدون مجوز"
    EXPIRED = "expired", "به پایان رسیده"
    SOON = "soon", "تا ۳۰ روز دیگر به پایان می‌رسد"


class StickerFormat(models.TextChoices):
    """Sizes of stickers; the values are those of `campaigns.sticker_sheet.StickerSize`."""

    BOX = "box", "برچسب صندوق (۸ در صفحه)"
    SMALL = "small", "برچسب کوچک (۲۱ در صفحه)"
    CARD = "card", "کارت میز (۴ در صفحه)"
    POSTER_A5 = "a5", "پوستر A5"
    POSTER = "poster", "پوستر A4"
    POSTER_A3 = "a3", "پوستر A3"


class NeedKind(models.TextChoices):
    """What is needed. The values are purposes as in `Fund.spendable_on`."""

    DOWRY = "dowry", "جهیزیه و کمک ازدواج"
    HOUSING = "housing", "مسکن"
    TREATMENT = "treatment", "درمان"
    REHAB_AID = "rehab_aid", "وسایل توانبخشی"
    LIVELIHOOD = "livelihood", "بستهٔ معیشتی"
    EDUCATION = "education", "تحصیل"
    ORPHAN = "orphan", "کودکان بی‌سرپرست"
    FOOD = "food", "خوراک و افطار"
    RELIEF = "relief", "کمک فوری"


class NeedState(models.TextChoices):
    FOUND = "found", "در انتظار تأیید"
    REFUSED = "refused", "تأیید نشد"
    VERIFIED = "verified", "تأییدشده"
    PUBLISHED = "published", "منتشرشده"
    FUNDED = "funded", "تأمین‌شده"
    CLOSED = "closed", "پایان‌یافته"
    WITHDRAWN = "withdrawn", "پس‌گرفته‌شده"


class Urgency(models.IntegerChoices):
    ORDINARY = 1, "عادی"
    SOON = 2, "به‌زودی"
    URGENT = 3, "فوری"


class Anchor(models.TextChoices):
    """The end of an occasion from which days are counted."""

    START = "start", "آغاز"
    END = "end", "پایان"


class OccasionActKind(models.TextChoices):
    """What turns with an occasion."""

    OPEN_EDITION = "open_edition", "پویش باز شود"
    CLOSE_EDITION = "close_edition", "پویش بسته شود"
    SEASON_STARTS = "season_starts", "موسم پویش آغاز شود"
    SEASON_ENDS = "season_ends", "موسم پویش پایان یابد"
    REMIND = "remind", "یادآوری"


class TaskKind(models.TextChoices):
    """What somebody is asked to do in a season."""

    TASK = "task", "کار"
    TEXT = "text", "متن"
    POSTER = "poster", "پوستر"
    EVENT = "event", "برنامهٔ رویداد"


class Trait(models.TextChoices):
    """What in a text could point to a person."""

    NATIONAL_ID = "national_id", "کد ملی"
    PHONE = "phone", "شمارهٔ تلفن"
    CARD = "card", "شمارهٔ کارت یا شبا"
    NAME = "name", "نام کسی"
    AGE = "age", "سن یک نفر"
    ADDRESS = "address", "نشانی"
    PLACE = "place", "نام شهرستانی که نباید گفته شود"


class EventKind(models.TextChoices):
    IFTAR = "iftar", "افطار هدفمند"
    OFFICIALS_IFTAR = "officials_iftar", "افطار مسئولان در مرکز"
    MARRIAGE = "marriage", "جشن ازدواج"
    DELIVERY = "delivery", "آیین تحویل"
    PROGRAMME = "programme", "برنامهٔ فرهنگی و معنوی"


class EventState(models.TextChoices):
    PLANNED = "planned", "برنامه‌ریزی‌شده"
    ANNOUNCED = "announced", "اعلام‌شده"
    HELD = "held", "برگزارشده"
    REPORTED = "reported", "گزارش‌شده"
    CANCELLED = "cancelled", "لغوشده"


class CostSource(models.TextChoices):
    """Who bears the cost of an event. What people gave for a purpose is not among them."""

    BUDGET = "budget", "بودجهٔ اداره"
    SPONSOR = "sponsor", "حامی، به‌صورت مستقیم"
