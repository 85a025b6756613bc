"""A way to give of its own: at an office's counter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_channel_registry")]
    operations = [
        migrations.AlterField(
            model_name="channel",
            name="kind",
            field=models.CharField(
                choices=[
                    ("web", "درگاه اینترنتی"),
                    ("qr", "کد QR"),
                    ("ussd", "کد دستوری"),
                    ("card", "کارت"),
                    ("app", "برنامهٔ پرداخت"),
                    ("box", "صندوق"),
                    ("pos", "کارت‌خوان"),
                    ("bank", "واریز بانکی"),
                    ("counter", "پیشخوان اداره"),
                ],
                max_length=8,
                verbose_name="نوع",
            ),
        ),
    ]
