"""The leader of a shift writes to those who come, too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("volunteers", "0011_minors_wait"),
    ]
    operations = [
        migrations.AlterField(
            "contactmessage",
            "sent_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="فرستنده",
            ),
        ),
        migrations.AddField(
            "contactmessage",
            "sent_by_leader",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="volunteers.volunteer",
                verbose_name="سرگروه",
            ),
        ),
    ]
