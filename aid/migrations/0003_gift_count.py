"""Of how many gifts an allocation was made."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aid', '0002_allocation_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='allocation',
            name='gift_count',
            field=models.PositiveIntegerField(default=0, verbose_name='شمار کمک\u200cها هنگام تخصیص'),
        ),
    ]
