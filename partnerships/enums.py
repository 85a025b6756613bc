"""Words of this room that tables keep."""

from django.db import models

from campaigns.enums import NeedKind


class PartnerKind(models.TextChoices):
    FIRM = "firm", "شرکت و بنگاه"
    CHARITY = "charity", "خیریه"
    GOVERNMENT = "government", "دستگاه دولتی و عمومی"
    GUILD = "guild", "صنف و اتحادیه"
    CENTRE = "centre", "مرکز مثبت زندگی"
    SOCIETY = "society", "مجمع خیرین"
    UNIVERSITY = "university", "دانشگاه"
    OTHER = "other", "دیگر"


class AgreementState(models.TextChoices):
    DRAFT = "draft", "پیش‌نویس"
    SIGNED = "signed", "امضاشده"
    RUNNING = "running", "در حال اجرا"
    FINISHED = "finished", "انجام‌شده"
    ENDED = "ended", "پایان پیش از انجام"


class Purpose(models.TextChoices):
    """What something is promised or useful for: the kinds of needs, and what is no need of persons."""

    DOWRY = "dowry", NeedKind.DOWRY.label
    HOUSING = "housing", NeedKind.HOUSING.label
    TREATMENT = "treatment", NeedKind.TREATMENT.label
    REHAB_AID = "rehab_aid", NeedKind.REHAB_AID.label
    LIVELIHOOD = "livelihood", NeedKind.LIVELIHOOD.label
    EDUCATION = "education", NeedKind.EDUCATION.label
    ORPHAN = "orphan", NeedKind.ORPHAN.label
    FOOD = "food", NeedKind.FOOD.label
    RELIEF = "relief", NeedKind.RELIEF.label
    EMPLOYMENT = "employment", "اشتغال"
    OTHER = "other", "دیگر"


class Measure(models.TextChoices):
    """In what a promise is counted. The three are never added to each other."""

    CASH = "cash", "پول"
    GOODS = "goods", "کالا، ساخت یا تجهیز"
    WORDS = "words", "وعدهٔ گفته‌شده، بی‌شمار"


class CommitmentState(models.TextChoices):
    OPEN = "open", "در پیگیری"
    KEPT = "kept", "انجام شد"
    DROPPED = "dropped", "انجام نشد"


class DeliveryForm(models.TextChoices):
    """How something promised came. Each form names its proof; none is a book of its own."""

    MONEY = "money", "پول، با کد رهگیری کمک"
    STOCK = "stock", "کالا در انبار، با کد رهگیری کمک غیرنقدی"
    DIRECT = "direct", "ساخت، تجهیز یا تحویل در محل"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "در انتظار نفر دوم"
    CONFIRMED = "confirmed", "تأیید شد"
    REFUSED = "refused", "تأیید نشد"
    UNDONE = "undone", "کمک به نیکوکار برگشت"


class ReminderStage(models.TextChoices):
    SOON = "soon", "نزدیک موعد"
    LATE = "late", "پس از موعد"
    HEADQUARTERS = "hq", "ارجاع به ستاد"


class Capital(models.TextChoices):
    """What a neighbourhood has."""

    HUMAN = "human", "انسانی"
    SOCIAL = "social", "اجتماعی"
    NATURAL = "natural", "طبیعی"
    PHYSICAL = "physical", "مادی و کالبدی"
    FINANCIAL = "financial", "مالی"
    CULTURAL = "cultural", "فرهنگی و معنوی"
