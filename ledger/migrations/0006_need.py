"""A leg may say which need its gift is for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_spending"), ("campaigns", "0006_need")]
    operations = [
        migrations.AddField(
            model_name="dimension",
            name="need",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.need",
                verbose_name="نیاز",
            ),
        ),
        migrations.AddConstraint(
            model_name="dimension",
            constraint=models.UniqueConstraint(
                fields=["fund", "province", "county", "edition", "branch", "channel", "need"],
                name="one_dimension_a_purpose",
                nulls_distinct=False,
            ),
        ),
        migrations.RemoveConstraint(model_name="dimension", name="one_dimension_a_combination"),
    ]
