"""Changes of a terminal's account: proposed by one person, decided by another, applied once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.fields import EncryptedTextField
from payments.enums import GatewayName
from payments.models.terminals import Terminal
from provinces.models import Office
from provinces.scoping import ScopedManager

_WAITING = Q(state="waiting")


class TerminalProposal(models.Model):
    """What somebody wants a terminal to become, or a terminal somebody wants to exist (`terminal` is empty then).

    `payload` is the JSON of what would be written, encrypted and emptied with the decision; people see
    `differences` only: `[{"field", "name", "before", "after"}]`, secrets masked. The database refuses to decide
    one's own proposal, a second waiting one for the same terminal, applying without an approval, and any change of
    what was proposed or decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "در انتظار تصمیم"
        APPROVED = "approved", "تأیید و اعمال شد"
        REFUSED = "refused", "رد شد"
        WITHDRAWN = "withdrawn", "پس گرفته شد"
        EXPIRED = "expired", "مهلت آن گذشت"

    province_path = "office__province"

    terminal = models.ForeignKey(
        Terminal, models.PROTECT, null=True, related_name="proposals", verbose_name="پایانه"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName)
    payload = EncryptedTextField("محتوا", blank=True)
    differences = models.JSONField("تفاوت‌ها")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField("وضعیت", max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="پیشنهاددهنده"
    )
    proposed_at = models.DateTimeField("زمان پیشنهاد", db_default=Now())
    expires_at = models.DateTimeField("مهلت تصمیم")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("زمان تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)
    applied_at = models.DateTimeField("زمان اعمال", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "پیشنهاد تغییر پایانه"
        verbose_name_plural = "پیشنهادهای تغییر پایانه"
        constraints = [
            models.UniqueConstraint(
                fields=["terminal"],
                condition=_WAITING & Q(terminal__isnull=False),
                name="one_open_proposal_a_terminal",
            ),
            models.UniqueConstraint(
                fields=["office", "gateway"], condition=_WAITING, name="one_open_proposal_an_account"
            ),
            models.CheckConstraint(
                name="proposal_four_eyes",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="proposal_state_fits",
                condition=Q(
                    _WAITING,
                    decided_by=None,
                    decided_at=None,
                    applied_at=None,
                    proposed_at__lt=F("expires_at"),
                )
                | Q(
                    state="approved",
                    terminal__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    applied_at__isnull=False,
                )
                | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False, applied_at=None)
                | Q(
                    state__in=["withdrawn", "expired"],
                    decided_by=None,
                    decided_at__isnull=False,
                    applied_at=None,
                ),
            ),
            models.CheckConstraint(
                name="proposal_forgets_secrets",
                condition=(_WAITING & ~Q(payload="")) | (~_WAITING & Q(payload="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gateway_display()} – {self.office}"

    @property
    def is_overdue(self) -> bool:
        """Nobody decided in time: it can no longer be applied, whether or not the job has marked it."""
        return self.expires_at <= timezone.now()


class RetiredCredentials(models.Model):
    """Credentials that a terminal had, kept for what was begun with them: an attempt is verified and money is
    sent back at the bank's terminal that took it. Versions count from 1; the present one stands on the terminal."""

    province_path = "terminal__office__province"

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="retired_credentials")
    version = models.PositiveSmallIntegerField("نسخه")
    credentials = EncryptedTextField("مشخصات محرمانه", blank=True)
    valid_until = models.DateTimeField("تا")
    proposal = models.OneToOneField(TerminalProposal, models.PROTECT, related_name="retired")

    objects = ScopedManager()

    class Meta:
        verbose_name = "مشخصات پیشین پایانه"
        verbose_name_plural = "مشخصات پیشین پایانه‌ها"
        constraints = [
            models.UniqueConstraint(fields=["terminal", "version"], name="one_version_of_credentials")
        ]

    def __str__(self) -> str:
        return f"{self.terminal_id}/{self.version}"
