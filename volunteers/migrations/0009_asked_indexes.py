"""Only the indexes that are asked: a volunteer had fifteen, six of them beside others or for a LIKE that nobody asks.
Little waits beside those that are inverted."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SKILLS, NAMES = (
    {"fields": ["skills"], "name": "volunteer_skills"},
    {"fields": ["name_key"], "name": "volunteer_names", "opclasses": ["gin_trgm_ops"]},
)
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
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"ALTER INDEX {index['name']} SET (gin_pending_list_limit = 256)",
                    f"ALTER INDEX {index['name']} RESET (gin_pending_list_limit)",
                )
                for index in (SKILLS, NAMES)
            ],
            [
                operation
                for index in (SKILLS, NAMES)
                for operation in (
                    migrations.RemoveIndex("volunteer", index["name"]),
                    migrations.AddIndex(
                        "volunteer",
                        django.contrib.postgres.indexes.GinIndex(**index, gin_pending_list_limit=256),
                    ),
                )
            ],
        ),
        migrations.AddIndex("volunteer", models.Index(fields=["county"], name="volunteer_county")),
        migrations.AddConstraint(
            "volunteer", models.UniqueConstraint(fields=("mobile_hash",), name="one_mobile")
        ),
    ]
