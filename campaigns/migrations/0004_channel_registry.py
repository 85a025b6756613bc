import re

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def look_after_what_is_there(apps, schema_editor):
    """A number stays vouched for only where somebody was written down; what is no number is kept as its source."""
    Channel = apps.get_model("campaigns", "Channel")
    for channel in Channel._base_manager.all():
        if "۱۴۰۱" in channel.source:
            channel.announced_year = 1401
        if channel.value and not _is_canonical(channel):
            channel.source = f"{channel.source} {channel.value}".strip()[:200]
            channel.value = ""
            channel.is_verified = channel.is_verified and channel.kind not in NUMBERS
        if channel.is_verified and channel.value:
            channel.verified_value, channel.verified_by_id = channel.value, channel.checked_by_id
            channel.is_verified = channel.checked_by_id is not None
        channel.save()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


NUMBERS = {
    "card": r"[0-9]{16}",
    "bank": r"IR[0-9]{24}",
    "ussd": r"\*[0-9]+(\*[0-9]+)*#",
    "pos": r"[0-9]{6,12}",
}


def _is_canonical(channel):
    return (
        channel.kind in NUMBERS and re.fullmatch(NUMBERS[channel.kind], channel.value, re.ASCII) is not None
    )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_sticker_job_county"),
        ("provinces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="زمان")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("proposed", "پیشنهاد شد"),
                            ("corrected", "اصلاح شد"),
                            ("verified", "ستاد تأیید کرد"),
                            ("still_right", "بررسی شد و درست است"),
                            ("revoked", "تأیید برداشته شد"),
                            ("refused", "پذیرفته نشد"),
                        ],
                        max_length=12,
                        verbose_name="نتیجه",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="توضیح")),
            ],
            options={
                "verbose_name": "بررسی راه پرداخت",
                "verbose_name_plural": "بررسی\u200cهای راه\u200cهای پرداخت",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="announced_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="سال اعلام عمومی"),
        ),
        migrations.AddField(
            model_name="channel",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[("revoked", "باطل\u200cشده"), ("refused", "ردشده")],
                max_length=8,
                verbose_name="پایان",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="مسئول",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="پیشنهاددهنده",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="تأییدکننده",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="verified_value",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="شمارهٔ تأییدشده"),
        ),
        migrations.AlterField(
            model_name="channel",
            name="office",
            field=models.ForeignKey(
                blank=True,
                help_text="خالی: سراسری",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="provinces.office",
                verbose_name="اداره",
            ),
        ),
        migrations.RunPython(look_after_what_is_there, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_verified", False),
                    ("value", ""),
                    models.Q(("verified_by__isnull", False), ("verified_value", models.F("value"))),
                    _connector="OR",
                ),
                name="verified_number_as_vouched_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by", None),
                    ("verified_by", None),
                    models.Q(("verified_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="channel_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_verified", False), ("ending", ""), _connector="OR"),
                name="ended_channel_is_not_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_verified", False),
                    models.Q(("kind__in", ["card", "bank", "ussd"]), _negated=True),
                    models.Q(("value", ""), _negated=True),
                    _connector="OR",
                ),
                name="verified_number_is_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value", ""),
                    models.Q(("kind", "card"), ("value__regex", "^[0-9]{16}$")),
                    models.Q(("kind", "bank"), ("value__regex", "^IR[0-9]{24}$")),
                    models.Q(("kind", "ussd"), ("value__regex", "^\\*[0-9]+(\\*[0-9]+)*#$")),
                    models.Q(("kind", "pos"), ("value__regex", "^[0-9]{6,12}$")),
                    _connector="OR",
                ),
                name="channel_number_is_canonical",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="channel_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ["card", "bank", "ussd"]),
                    models.Q(("value", ""), _negated=True),
                    models.Q(("ending", "refused"), _negated=True),
                ),
                fields=("kind", "value"),
                name="channel_number_once",
            ),
        ),
        migrations.AddField(
            model_name="channelcheck",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="شخص",
            ),
        ),
        migrations.AddField(
            model_name="channelcheck",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="campaigns.channel",
                verbose_name="راه پرداخت",
            ),
        ),
    ]
