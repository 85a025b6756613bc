from django.db import models


class AccountType(models.TextChoices):
    ASSET = "asset", "دارایی"
    LIABILITY = "liability", "بدهی"
    INCOME = "income", "درآمد"
    EXPENSE = "expense", "هزینه"


class GiftKind(models.TextChoices):
    """Cash, goods and service are counted together and apart; their accounts are never mixed."""

    CASH = "cash", "نقدی"
    IN_KIND = "in_kind", "غیرنقدی"
    SERVICE = "service", "خدمت"


class EntryKind(models.TextChoices):
    GIFT = "gift", "کمک"
    UNEXPECTED = "unexpected", "دریافت نامعین"
    PAYOUT = "payout", "واریز تسویه"
    DEPOSIT = "deposit", "واریز به بانک"
    IDENTIFIED = "identified", "شناسایی واریز نامعین"
    ADJUSTMENT = "adjustment", "سند اصلاحی"
    STOCK = "stock", "گردش کالا"
    REVERSAL = "reversal", "برگشت سند"
    ALLOCATION = "allocation", "تخصیص"
    DELIVERY = "delivery", "تحویل"
