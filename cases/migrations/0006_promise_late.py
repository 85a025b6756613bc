"""A promise whose day has passed is a kind of case."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_box_trouble'),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='kind',
            field=models.CharField(choices=[('callback_misfit', 'بازگشتِ ناسازگار از بانک'), ('callback_unknown', 'بازگشتِ بی\u200cصاحب از بانک'), ('answer_misfit', 'پاسخ بانک با سفارش نمی\u200cخواند'), ('paid_twice', 'دو بار پرداخت برای یک کمک'), ('reference_reused', 'شمارهٔ مرجع تکراری'), ('undecided', 'بی\u200cپاسخ تا پایان مهلت بانک'), ('missing_here', 'در گزارش هست، نزد ما نیست'), ('missing_there', 'نزد ما هست، در گزارش نیست'), ('amount_differs', 'مبلغ ناهمخوان'), ('fee_differs', 'کارمزد ناهمخوان'), ('reversed_later', 'برگشت پس از موفقیت'), ('payout_missing', 'واریز تسویه در بانک دیده نشد'), ('unknown_deposit', 'واریز ناشناس'), ('line_changed', 'ردیف صورت\u200cحساب تغییر کرد'), ('twin_or_repeat', 'دو واریز همانند یا تکرار یک ردیف'), ('unread_lines', 'ردیف\u200cهای خوانده\u200cنشده'), ('cash_short', 'کسری یا فزونی صندوق'), ('box_trouble', 'صندوق: مهروموم، گم\u200cشدن یا آسیب'), ('promise_late', 'وعدهٔ رویداد که موعدش گذشت'), ('donor_claim', 'پیگیری واریز از سوی نیکوکار'), ('books', 'ناسازگاری در دفترها')], max_length=32, verbose_name='موضوع'),
        ),
    ]
