from django.db import models


class Section(models.TextChoices):
    HEALTH = "health", "سلامت"
    EMPOWERMENT = "empowerment", "توانمندسازی"
    CULTURAL = "cultural", "فرهنگی"
    CONSTRUCTION = "construction", "عمرانی"
    EXTRACURRICULAR = "extracurricular", "فوق‌برنامه"


class VolunteerRole(models.TextChoices):
    SPECIALIST = "specialist", "متخصص"
    FACILITATOR = "facilitator", "تسهیلگر"


class Language(models.TextChoices):
    PERSIAN = "fa", "فارسی"
    AZERI = "az", "ترکی آذری"
    KURDISH = "ku", "کردی"
    LURI = "lrc", "لری"
    BALUCHI = "bal", "بلوچی"
    ARABIC = "ar", "عربی"
    TURKMEN = "tk", "ترکمنی"
    GILAKI = "glk", "گیلکی"
    MAZANDARANI = "mzn", "مازندرانی"
    ENGLISH = "en", "انگلیسی"
    SIGN = "psc", "زبان اشارهٔ ایرانی"


class Availability(models.TextChoices):
    MORNINGS = "mornings", "صبح روزهای کاری"
    AFTERNOONS = "afternoons", "عصر روزهای کاری"
    WEEKENDS = "weekends", "پنجشنبه و جمعه"
    CRISIS = "crisis", "هنگام بحران، هر ساعت"


class ConsentKind(models.TextChoices):
    DATA = "data", "نگهداری و به‌کاربردن داده‌ها"
    CONDUCT = "conduct", "رازداری و رفتار با مددجویان"
    CONTACT = "contact", "پیامک و تماس برای فراخوان"
    ACCESS = "access", "نگهداری نیازهای دسترس‌پذیری"
    GUARDIAN = "guardian", "رضایت سرپرست"
