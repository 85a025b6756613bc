"""Words of this room that tables keep."""

from django.db import models


class ToldKind(models.TextChoices):
    """What a figure that was told speaks of; by it the books are asked for their own."""

    GIFTS = "gifts", "همهٔ کمک‌ها"
    CAMPAIGNS = "campaigns", "کمک‌های پویش‌ها"
    GROWTH = "growth", "رشد کمک‌ها"
    PARTNERS = "partners", "شریکان و تفاهم‌نامه‌ها"
    AID = "aid", "کمک‌رسانی"
    VOLUNTEERS = "volunteers", "شمار داوطلبان"
    JOINED = "joined", "پیوستن داوطلبان"
    CLIENTS = "clients", "جامعهٔ هدف"
    OTHER = "other", "دیگر"


class ToldUnit(models.TextChoices):
    RIAL = "rial", "ریال"
    PERCENT = "percent", "درصد"
    PERSONS = "persons", "نفر"
    COUNT = "count", "عدد"


class Precision(models.TextChoices):
    """How exactly it was told."""

    EXACT = "exact", ""
    ABOUT = "about", "حدود"
    NEARLY = "nearly", "نزدیک به"
    OVER = "over", "بیش از"


class ClientGroup(models.TextChoices):
    DISABLED = "disabled", "افراد دارای معلولیت"
    CHILDREN = "children", "کودکان بی‌سرپرست یا بدسرپرست"
    WOMEN = "women", "زنان سرپرست خانوار"
    MULTIPLES = "multiples", "خانواده‌های چندقلو"
    OTHER = "other", "دیگر"


class Support(models.TextChoices):
    STIPEND = "stipend", "مستمری‌بگیر"
    NONE = "none", "بی مستمری"
    WAITING = "waiting", "پشت نوبت"
