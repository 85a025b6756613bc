from django.db import models


class Section(models.TextChoices):
    HEALTH = "health", "سلامت"
    EMPOWERMENT = "empowerment", "توانمندسازی"
    CULTURAL = "cultural", "فرهنگی"
    CONSTRUCTION = "construction", "عمرانی"
    EXTRACURRICULAR = "extracurricular", "فوق‌برنامه"
