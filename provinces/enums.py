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
