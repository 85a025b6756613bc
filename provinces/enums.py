"""Levels of offices and the roles people hold in them."""

from django.db import models


class OfficeLevel(models.TextChoices):
    HQ = "hq", "ستاد"
    PROVINCE = "province", "اداره کل استان"
    COUNTY = "county", "ادارهٔ شهرستان"


class Role(models.TextChoices):
    COUNTY_OFFICER = "county_officer", "کارشناس شهرستان"
    PROVINCIAL_EXPERT = "provincial_expert", "کارشناس استان"
    PROVINCIAL_MANAGER = "provincial_manager", "مدیر استان"
    PROVINCIAL_ACCOUNTANT = "provincial_accountant", "حسابدار استان"
    HQ_ANALYST = "hq_analyst", "تحلیلگر ستاد"
    HQ_MANAGER = "hq_manager", "مدیر ستاد"
    HQ_ACCOUNTANT = "hq_accountant", "حسابدار ستاد"
    ADMINISTRATOR = "administrator", "مدیر سامانه"


class InvitationState(models.TextChoices):
    WAITING = "waiting", "در انتظار پاسخ"
    ACCEPTED = "accepted", "پذیرفته شد"
    WITHDRAWN = "withdrawn", "پس گرفته شد"


class ResetState(models.TextChoices):
    """A second factor that is to be replaced: one person asks, another decides, the person uses the link."""

    ASKED = "asked", "در انتظار تأیید"
    APPROVED = "approved", "پیوند فرستاده شد"
    REFUSED = "refused", "پذیرفته نشد"
    USED = "used", "رمزساز تازه شد"


class EntryWay(models.TextChoices):
    """What somebody came in with, besides the password."""

    CODE = "code", "رمزساز"
    RECOVERY = "recovery", "کد بازیابی"
    OTHER = "other", "راه دیگر"


class SessionEnd(models.TextChoices):
    SIGNED_OUT = "signed_out", "خروج"
    BY_PERSON = "by_person", "بسته شد به دست خود شخص"
    PASSWORD = "password", "تغییر گذرواژه"
    MEMBERSHIP = "membership", "تغییر عضویت"
    FACTOR = "factor", "رمزساز تازه"
    IDLE = "idle", "بی‌کاری دراز"
    LIFETIME = "lifetime", "پایان زمان نشست"
    TOO_MANY = "too_many", "ورودهای تازه‌تر"


ROLES_BY_LEVEL = {
    OfficeLevel.HQ: {Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR},
    OfficeLevel.PROVINCE: {Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT},
    OfficeLevel.COUNTY: {Role.COUNTY_OFFICER},
}


class ReminderPace(models.TextChoices):
    """How often somebody wants a text message about what is late."""

    DAILY = "daily", "هر روز کاری، اگر چیزی دیر شده باشد"
    WEEKLY = "weekly", "شنبه‌ها، اگر چیزی دیر شده باشد"
    NEVER = "never", "هیچ‌گاه"
