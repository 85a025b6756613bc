"""Second factors with encrypted secrets: each device of the library's table moves here, and its plain row goes.

Whoever is signed in signs in again. Backups from before still hold the plain secrets.
"""

from django.db import migrations

KEPT = (
    "user_id", "name", "confirmed", "key", "step", "t0", "digits", "tolerance", "drift", "last_t",
    "throttling_failure_count", "throttling_failure_timestamp", "created_at", "last_used_at",
)  # fmt: skip


def encrypt(apps, schema_editor):
    _move(apps.get_model("otp_totp", "TOTPDevice"), apps.get_model("provinces", "SecondFactor"))


def decrypt(apps, schema_editor):
    _move(apps.get_model("provinces", "SecondFactor"), apps.get_model("otp_totp", "TOTPDevice"))


def _move(source, target):
    for device in source.objects.order_by("pk"):
        moved = target.objects.create(**{name: getattr(device, name) for name in KEPT})
        target.objects.filter(pk=moved.pk).update(created_at=device.created_at)  # not the moment of moving
    source.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("provinces", "0002_second_factor"), ("otp_totp", "0003_add_timestamps")]
    operations = [migrations.RunPython(encrypt, decrypt)]
