from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_more_kinds")]
    operations = [
        migrations.RemoveConstraint(model_name="case", name="closed_case_says_why"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                name="closed_case_says_why",
                condition=models.Q(state="open", closed_at=None)
                | (models.Q(state="closed", closed_at__isnull=False) & ~models.Q(resolution="")),
            ),
        ),
    ]
