"""Codes that let a person in without their authenticator, each once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core import audit, sms
from core.codes import RECOVERY
from core.crypto import keyed_hash
from core.models import User
from provinces import people_phrases as words
from provinces.models import RecoveryCode

HOW_MANY = 10
FEW = 3


@transaction.atomic
def make_codes(user: User, *, actor: User) -> list[str]:
    """New codes, which are told this once; those before them stop working. Audited."""
    User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user).delete()
    codes = [RECOVERY.new() for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, code_hash=_hash_of(user, code)) for code in codes]
    )
    audit.record("recovery_codes.make", user, actor=actor, count=len(codes))
    return codes


@transaction.atomic
def use_code(user: User, code: str) -> bool:
    """Whether the code is one of the person's unused ones, which it now is no longer. Two at once: one is let in."""
    used = RecoveryCode.objects.filter(user=user, code_hash=_hash_of(user, code), used_at=None).update(
        used_at=timezone.now()
    )
    if used:
        audit.record("recovery_code.use", user, actor=user, left=codes_left(user))
        if user.mobile:
            sms.queue(user.mobile, str(words.RECOVERY_USED_SMS), purpose="staff_notice")
    return bool(used)


def codes_left(user: User) -> int:
    """How many of the person's codes have not been used."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _hash_of(user: User, code: str) -> str:
    return keyed_hash(f"{user.pk}:{code}", "recovery")
