"""A receipt that an office gave out at its counter names the office."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("donations", "0003_amount_paid"), ("provinces", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="receipt",
            name="office",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="provinces.office",
                verbose_name="پیشخوان صادرکننده",
            ),
        ),
    ]
