from django.db import models


class DonationStatus(models.TextChoices):
    """What became of a gift, as the API and the donor's page say it."""

    PENDING = "pending", "در انتظار بانک"
    RECEIVED = "received", "دریافت شد"
    FAILED = "failed", "انجام نشد"
    UNDER_REVIEW = "under_review", "در دست بررسی"
    REFUNDED = "refunded", "برگردانده شد"
