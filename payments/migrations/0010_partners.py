"""Partners, their keys, and what they reported."""

import core.fields
import core.money
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# What was reported is never edited; a key keeps partner, id and kind, and a revoked one stays revoked.
KEEP = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_partnertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION payments_partnerkey_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.partner_id, NEW.key_id, NEW.mode) IS DISTINCT FROM ROW(OLD.partner_id, OLD.key_id, OLD.mode)
       OR (OLD.revoked_at IS NOT NULL
           AND ROW(NEW.revoked_at, NEW.revoked_by_id, NEW.revoke_reason)
               IS DISTINCT FROM ROW(OLD.revoked_at, OLD.revoked_by_id, OLD.revoke_reason)) THEN
        RAISE EXCEPTION 'key % cannot be changed so', OLD.key_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE ON payments_partnerkey FOR EACH ROW EXECUTE FUNCTION payments_partnerkey_keep();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_partnerkey
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNDO = """
DROP TRIGGER kept ON payments_partnerkey;
DROP TRIGGER keep ON payments_partnerkey;
DROP FUNCTION payments_partnerkey_keep();
DROP TRIGGER append_only ON payments_partnertransaction;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_channel_registry'),
        ('donations', '0003_amount_paid'),
        ('payments', '0009_counter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=20, unique=True, verbose_name='کد')),
                ('name', models.CharField(max_length=120, verbose_name='نام')),
                ('source_key', models.SlugField(help_text='همان کدی که فایل\u200cهای روزانه\u200cاش با آن می\u200cآید', max_length=40, unique=True, verbose_name='کد منبع صورت\u200cحساب')),
                ('is_active', models.BooleanField(default=True, verbose_name='فعال')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='نمونهٔ نمایشی')),
            ],
            options={
                'verbose_name': 'همکار پرداخت',
                'verbose_name_plural': 'همکاران پرداخت',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='PartnerCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True, verbose_name='زمان')),
                ('counts', models.JSONField(default=dict, verbose_name='سرانجام ردیف\u200cها')),
            ],
            options={
                'verbose_name': 'گزارش همکار',
                'verbose_name_plural': 'گزارش\u200cهای همکاران',
            },
        ),
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=32, unique=True, verbose_name='شناسهٔ کلید')),
                ('secret', core.fields.EncryptedTextField(verbose_name='راز')),
                ('mode', models.CharField(choices=[('live', 'واقعی'), ('sandbox', 'آزمایشی')], max_length=8, verbose_name='نوع')),
                ('valid_from', models.DateField(verbose_name='از روز')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='تا روز')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ساخت')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='ابطال')),
                ('revoke_reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل ابطال')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='آخرین کاربرد')),
            ],
            options={
                'verbose_name': 'کلید همکار',
                'verbose_name_plural': 'کلیدهای همکاران',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PartnerRehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner_txn_id', models.CharField(max_length=50, verbose_name='شمارهٔ تراکنش نزد همکار')),
                ('content', models.BinaryField()),
                ('tracking_code', models.CharField(max_length=16, verbose_name='کد رهگیری ساختگی')),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ (ریال)')),
                ('paid_at', models.DateTimeField(verbose_name='زمان پرداخت')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True, verbose_name='زمان گزارش')),
            ],
            options={
                'verbose_name': 'تراکنش آزمایشی همکار',
                'verbose_name_plural': 'تراکنش\u200cهای آزمایشی همکاران',
            },
        ),
        migrations.CreateModel(
            name='PartnerTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner_txn_id', models.CharField(max_length=50, verbose_name='شمارهٔ تراکنش نزد همکار')),
                ('content', models.BinaryField()),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ (ریال)')),
                ('paid_at', models.DateTimeField(verbose_name='زمان پرداخت')),
                ('rrn', models.CharField(blank=True, db_default='', max_length=32, verbose_name='شمارهٔ مرجع')),
                ('trace_no', models.CharField(blank=True, db_default='', max_length=32, verbose_name='شمارهٔ پیگیری')),
                ('terminal', models.CharField(blank=True, db_default='', max_length=32, verbose_name='پایانه')),
                ('reported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='زمان گزارش')),
            ],
            options={
                'verbose_name': 'تراکنش همکار',
                'verbose_name_plural': 'تراکنش\u200cهای همکاران',
            },
        ),
        migrations.AddField(
            model_name='partner',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='campaigns.channel', verbose_name='راه پرداخت'),
        ),
        migrations.AddField(
            model_name='partner',
            name='fund',
            field=models.ForeignKey(blank=True, help_text='هرگاه گزارشی نیت نداشته باشد', null=True, on_delete=django.db.models.deletion.PROTECT, to='campaigns.fund', verbose_name='نیت پیش\u200cفرض'),
        ),
        migrations.AddField(
            model_name='partnerkey',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='سازنده'),
        ),
        migrations.AddField(
            model_name='partnerkey',
            name='partner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_keys', to='payments.partner', verbose_name='همکار'),
        ),
        migrations.AddField(
            model_name='partnerkey',
            name='revoked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ابطال\u200cکننده'),
        ),
        migrations.AddField(
            model_name='partnercall',
            name='key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='payments.partnerkey', verbose_name='کلید'),
        ),
        migrations.AddField(
            model_name='partnerrehearsal',
            name='partner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='payments.partner', verbose_name='همکار'),
        ),
        migrations.AddField(
            model_name='partnertransaction',
            name='donation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='partner_transaction', to='donations.donation', verbose_name='کمک'),
        ),
        migrations.AddField(
            model_name='partnertransaction',
            name='key',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.partnerkey', verbose_name='کلید'),
        ),
        migrations.AddField(
            model_name='partnertransaction',
            name='partner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='payments.partner', verbose_name='همکار'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9_-]{1,20}$')), name='partner_key_is_plain'),
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='partner_key_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoke_reason', ''), ('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), models.Q(('revoke_reason', ''), _negated=True)), _connector='OR'), name='revoked_key_says_why'),
        ),
        migrations.AddConstraint(
            model_name='partnercall',
            constraint=models.UniqueConstraint(fields=('key', 'signature'), name='a_signature_once'),
        ),
        migrations.AddConstraint(
            model_name='partnerrehearsal',
            constraint=models.UniqueConstraint(fields=('partner', 'partner_txn_id'), name='partner_rehearsal_once'),
        ),
        migrations.AddIndex(
            model_name='partnertransaction',
            index=models.Index(condition=models.Q(('rrn', ''), _negated=True), fields=['partner', 'rrn'], name='partner_transaction_by_rrn'),
        ),
        migrations.AddConstraint(
            model_name='partnertransaction',
            constraint=models.UniqueConstraint(fields=('partner', 'partner_txn_id'), name='partner_transaction_once'),
        ),
        migrations.AddConstraint(
            model_name='partnertransaction',
            constraint=models.CheckConstraint(condition=models.Q(('amount_rial__gt', 0)), name='partner_transaction_positive'),
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]
