"""Only the indexes that are asked: a volunteer had fifteen, five of them beside others or for a LIKE that nobody asks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("provinces", "0006_people_and_sessions"),
        ("volunteers", "0008_places_and_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            "consent",
            "volunteer",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="volunteers.volunteer",
                verbose_name="داوطلب",
            ),
        ),
        migrations.AlterField(
            "volunteer",
            "county",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=PROTECT,
                to="provinces.county",
                verbose_name="شهرستان",
            ),
        ),
        migrations.AlterField(
            "volunteer",
            "licence_checked_by",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="سنجندهٔ پروانه",
            ),
        ),
        migrations.AlterField("volunteer", "mobile_hash", models.CharField(max_length=64)),
        migrations.AlterField(
            "volunteer",
            "province",
            models.ForeignKey(
                db_index=False, on_delete=PROTECT, to="provinces.province", verbose_name="استان"
            ),
        ),
        migrations.AddIndex("volunteer", models.Index(fields=["county"], name="volunteer_county")),
        migrations.AddConstraint(
            "volunteer", models.UniqueConstraint(fields=("mobile_hash",), name="one_mobile")
        ),
    ]
