"""Donors' matters with their messages, which are never changed; none of them is ever deleted."""

import core.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


RULES = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_caremessage
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON cases_carecase
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNDO = """
DROP TRIGGER kept ON cases_carecase;
DROP TRIGGER append_only ON cases_caremessage;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_append_only'),
        ('cases', '0006_promise_late'),
        ('donations', '0008_lean_indexes'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CareCategory',
            fields=[
                ('code', models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name='کد')),
                ('name', models.CharField(max_length=80, verbose_name='نام')),
                ('kind', models.CharField(choices=[('question', 'پرسش'), ('complaint', 'شکایت'), ('benefactor', 'مسئلهٔ نیکوکار')], max_length=12, verbose_name='گونه')),
                ('due_hours', models.PositiveIntegerField(verbose_name='مهلت پاسخ (ساعت)')),
                ('escalate_hours', models.PositiveIntegerField(verbose_name='از مدیر تا ستاد (ساعت)')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='ترتیب')),
                ('is_active', models.BooleanField(default=True, verbose_name='فعال')),
            ],
            options={
                'verbose_name': 'دستهٔ پیام نیکوکاران',
                'verbose_name_plural': 'دسته\u200cهای پیام نیکوکاران',
                'ordering': ['position', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_hours__gt', 0), ('escalate_hours__gt', 0)), name='care_is_due_some_time')],
            },
        ),
        migrations.CreateModel(
            name='CareCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='کد پیگیری')),
                ('name', core.fields.EncryptedTextField(blank=True, verbose_name='نام')),
                ('mobile', core.fields.EncryptedTextField(verbose_name='شمارهٔ همراه')),
                ('mobile_hash', models.CharField(db_index=True, max_length=64)),
                ('content_hash', models.CharField(db_index=True, max_length=64)),
                ('state', models.CharField(choices=[('open', 'در انتظار پاسخ'), ('answered', 'پاسخ داده شد'), ('closed', 'بسته')], default='open', max_length=8, verbose_name='وضعیت')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='گشایش')),
                ('due_at', models.DateTimeField(verbose_name='موعد پاسخ')),
                ('escalation', models.PositiveSmallIntegerField(choices=[(0, 'کارشناس'), (1, 'مدیر استان'), (2, 'ستاد')], default=0, verbose_name='رسیدگی')),
                ('escalates_at', models.DateTimeField(verbose_name='رفتن به ردهٔ بالاتر')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='بسته شدن')),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='رضایت')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='بسته شد به دست')),
                ('donation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.donation', verbose_name='کمک')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='مسئول')),
                ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='provinces.province', verbose_name='استان')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکنندهٔ اداره')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.carecategory', verbose_name='دسته')),
            ],
            options={
                'verbose_name': 'پیام نیکوکار',
                'verbose_name_plural': 'پیام\u200cهای نیکوکاران',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CareMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='زمان')),
                ('text', core.fields.EncryptedTextField(verbose_name='متن')),
                ('is_internal', models.BooleanField(default=False, verbose_name='یادداشت درونی')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='نویسنده')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='cases.carecase', verbose_name='پرونده')),
            ],
            options={
                'verbose_name': 'نوشتهٔ پیام',
                'verbose_name_plural': 'نوشته\u200cهای پیام',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='carecase',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['escalates_at'], name='care_to_escalate'),
        ),
        migrations.AddIndex(
            model_name='carecase',
            index=models.Index(fields=['state', 'due_at'], name='care_by_due'),
        ),
        migrations.AddConstraint(
            model_name='carecase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed')), _connector='OR'), name='closed_care_names_its_closer'),
        ),
        migrations.AddConstraint(
            model_name='carecase',
            constraint=models.CheckConstraint(condition=models.Q(('satisfaction', None), models.Q(('satisfaction__gte', 1), ('satisfaction__lte', 5), ('state', 'closed')), _connector='OR'), name='satisfaction_of_one_to_five_after_closing'),
        ),
        migrations.AddConstraint(
            model_name='caremessage',
            constraint=models.CheckConstraint(condition=models.Q(('is_internal', False), ('by__isnull', False), _connector='OR'), name='internal_note_has_an_author'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
