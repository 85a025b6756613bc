"""Secrets of authenticators are encrypted in the database, and came there without being lost."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.models import User
from provinces.enums import Role
from provinces.models import SecondFactor
from tests.factories.people import code_of, person


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM provinces_secondfactor ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_secret_lies_encrypted_in_the_database():
    device = SecondFactor.objects.get(user=person(Role.ADMINISTRATOR))
    assert len(device.bin_key) == 20
    [kept] = stored()
    assert device.key not in kept
    assert kept.partition(":")[0].isalnum()


@pytest.mark.django_db
def test_a_code_still_opens_the_door_after_the_row_was_written_again(attempt):
    user = person(Role.ADMINISTRATOR)
    before = stored()
    SecondFactor.objects.get(user=user).save()
    assert stored() != before, "a new nonce"
    assert attempt(user).status_code == 302


@pytest.mark.django_db
def test_devices_move_there_and_back_with_everything_they_know():
    """By the migration's own functions: to go back by all that came after it takes minutes."""
    move = import_module("provinces.migrations.0003_move_second_factors")
    user = User.objects.create_user("old.hand", password="x")
    then = timezone.now() - timezone.timedelta(days=400)
    plain = TOTPDevice.objects.create(user=user, name="old", confirmed=True, drift=1, last_t=5)
    TOTPDevice.objects.filter(pk=plain.pk).update(created_at=then, last_used_at=then)
    move.encrypt(apps, None)
    moved = SecondFactor.objects.get(user=user)
    assert not TOTPDevice.objects.exists()
    assert (moved.key, moved.drift, moved.last_t, moved.created_at) == (plain.key, 1, 5, then)
    assert plain.key not in "".join(stored())
    assert code_of(user)
    move.decrypt(apps, None)
    back = TOTPDevice.objects.get(user=user)
    assert (back.key, back.created_at, back.last_used_at, back.confirmed) == (plain.key, then, then, True)
    assert stored() == []
