import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_staff_mobile'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('led_to', models.TextField(db_default='', verbose_name='به کجا رسید')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True, verbose_name='زمان')),
            ],
            options={
                'verbose_name': 'فرم فرستاده\u200cشده',
                'verbose_name_plural': 'فرم\u200cهای فرستاده\u200cشده',
            },
        ),
    ]
