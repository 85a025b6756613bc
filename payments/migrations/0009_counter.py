"""Gifts at an office's counter and its cash; the database keeps numbers, amounts and states as they were."""

import core.fields
import core.money
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION payments_guard_counter_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.key, NEW.body_hash, NEW.office_id, NEW.way, NEW.amount_rial, NEW.fund_id, NEW.province_id, NEW.county_id,
           NEW.edition_id, NEW.taken_by_id, NEW.taken_at, NEW.taken_on, NEW.is_demo)
       IS DISTINCT FROM
       ROW(OLD.key, OLD.body_hash, OLD.office_id, OLD.way, OLD.amount_rial, OLD.fund_id, OLD.province_id, OLD.county_id,
           OLD.edition_id, OLD.taken_by_id, OLD.taken_at, OLD.taken_on, OLD.is_demo)
       OR (OLD.donation_id IS NOT NULL AND ROW(NEW.donation_id, NEW.booked_at)
           IS DISTINCT FROM ROW(OLD.donation_id, OLD.booked_at)) THEN
        RAISE EXCEPTION 'counter gift % cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('pending', 'booked'), ('pending', 'bounced'), ('pending', 'returned'), ('booked', 'cancelled')) THEN
        RAISE EXCEPTION 'counter gift % may not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_countergift
    FOR EACH ROW EXECUTE FUNCTION payments_guard_counter_gift();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_countergift
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_counternumber
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_cashcountline
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION payments_guard_counter_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.office_id <> OLD.office_id OR NEW.year <> OLD.year OR NEW.last_number <> OLD.last_number + 1 THEN
        RAISE EXCEPTION 'the numbers of office % run on by one', OLD.office_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_counterbook
    FOR EACH ROW EXECUTE FUNCTION payments_guard_counter_book();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_counterbook
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION payments_guard_cash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'payments_cashcount' THEN
        IF ROW(NEW.office_id, NEW.day, NEW.expected_rial, NEW.counted_rial, NEW.counted_by_id)
           IS DISTINCT FROM ROW(OLD.office_id, OLD.day, OLD.expected_rial, OLD.counted_rial, OLD.counted_by_id)
           OR (OLD.state <> 'waiting' AND NEW.state <> OLD.state) THEN
            RAISE EXCEPTION 'count % cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF ROW(NEW.office_id, NEW.kind, NEW.bank, NEW.slip_number, NEW.amount_rial, NEW.deposited_on)
          IS DISTINCT FROM ROW(OLD.office_id, OLD.kind, OLD.bank, OLD.slip_number, OLD.amount_rial, OLD.deposited_on)
          OR (OLD.state <> 'awaiting' AND NEW.state <> OLD.state) THEN
        RAISE EXCEPTION 'deposit % cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_cashcount FOR EACH ROW EXECUTE FUNCTION payments_guard_cash();
CREATE TRIGGER guard BEFORE UPDATE ON payments_cashdeposit FOR EACH ROW EXECUTE FUNCTION payments_guard_cash();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_cashcount
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_cashdeposit
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER kept ON payments_cashdeposit;
DROP TRIGGER kept ON payments_cashcount;
DROP TRIGGER guard ON payments_cashdeposit;
DROP TRIGGER guard ON payments_cashcount;
DROP FUNCTION payments_guard_cash();
DROP TRIGGER kept ON payments_counterbook;
DROP TRIGGER guard ON payments_counterbook;
DROP FUNCTION payments_guard_counter_book();
DROP TRIGGER append_only ON payments_cashcountline;
DROP TRIGGER append_only ON payments_counternumber;
DROP TRIGGER kept ON payments_countergift;
DROP TRIGGER guard ON payments_countergift;
DROP FUNCTION payments_guard_counter_gift();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_sticker_job_county'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('donations', '0004_receipt_office'),
        ('core', '0002_append_only'),
        ('payments', '0008_held_money'),
        ('provinces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Denomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_rial', core.money.RialField(help_text='به ریال', unique=True, verbose_name='ارزش (ریال)')),
                ('name', models.CharField(max_length=60, verbose_name='نام')),
                ('is_active', models.BooleanField(default=True, verbose_name='در گردش')),
            ],
            options={
                'verbose_name': 'اسکناس یا سکه',
                'verbose_name_plural': 'اسکناس\u200cها و سکه\u200cها',
                'ordering': ['-value_rial'],
                'constraints': [models.CheckConstraint(condition=models.Q(('value_rial__gt', 0)), name='denomination_positive')],
            },
        ),
        migrations.CreateModel(
            name='CashDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('kind', models.CharField(choices=[('cash', 'پول نقد'), ('cheque', 'چک')], default='cash', max_length=6, verbose_name='جنس')),
                ('bank', models.CharField(max_length=80, verbose_name='بانک و شعبه')),
                ('slip_number', models.CharField(max_length=30, verbose_name='شمارهٔ فیش')),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ (ریال)')),
                ('deposited_on', models.DateField(verbose_name='روز واریز')),
                ('photo', models.FileField(blank=True, upload_to='deposits/', verbose_name='تصویر فیش')),
                ('state', models.CharField(choices=[('awaiting', 'در انتظار صورت\u200cحساب بانک'), ('matched', 'در بانک دیده شد'), ('withdrawn', 'پس گرفته شد')], default='awaiting', max_length=9, verbose_name='وضعیت')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکننده')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ثبت')),
                ('bank_account', models.CharField(blank=True, max_length=80, verbose_name='حساب بانکی در دفترها')),
                ('line_id', models.BigIntegerField(null=True, verbose_name='ردیف صورت\u200cحساب')),
                ('matched_at', models.DateTimeField(null=True, verbose_name='تطبیق')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل پس\u200cگرفتن')),
            ],
            options={
                'verbose_name': 'فیش واریز',
                'verbose_name_plural': 'فیش\u200cهای واریز',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_rial__gt', 0)), name='deposit_positive'), models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('bank', 'slip_number'), name='deposit_slip_once'), models.CheckConstraint(condition=models.Q(models.Q(('matched_at__isnull', False), ('state', 'matched'), models.Q(('bank_account', ''), _negated=True)), models.Q(models.Q(('state', 'matched'), _negated=True), ('bank_account', ''), ('line_id', None), ('matched_at', None)), _connector='OR'), name='matched_deposit_says_where'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='withdrawn_deposit_says_why')],
            },
        ),
        migrations.CreateModel(
            name='CashCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('day', models.DateField(verbose_name='روز (تهران)')),
                ('state', models.CharField(choices=[('waiting', 'در انتظار تأیید'), ('confirmed', 'تأیید شد'), ('refused', 'رد شد؛ دوباره شمرده شود')], default='waiting', max_length=9, verbose_name='وضعیت')),
                ('expected_rial', core.money.RialField(help_text='به ریال', verbose_name='باید باشد (ریال)')),
                ('counted_rial', core.money.RialField(help_text='به ریال', verbose_name='شمرده شد (ریال)')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='یادداشت')),
                ('counted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='شمارنده')),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='شمارش')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تأییدکننده')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='تأیید')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل رد')),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='payments.cashdeposit', verbose_name='فیش واریز')),
            ],
            options={
                'verbose_name': 'شمارش صندوق',
                'verbose_name_plural': 'شمارش\u200cهای صندوق',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('office', 'day'), name='one_count_an_office_and_day'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['confirmed', 'refused']), models.Q(('decided_by', models.F('counted_by')), _negated=True)), _connector='OR'), name='count_four_eyes'), models.CheckConstraint(condition=models.Q(('deposit', None), ('state', 'confirmed'), _connector='OR'), name='only_confirmed_cash_is_deposited'), models.CheckConstraint(condition=models.Q(('counted_rial__gte', 0), ('expected_rial__gte', 0)), name='count_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='CashCountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.cashcount')),
                ('denomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.denomination')),
                ('pieces', models.PositiveIntegerField(verbose_name='شمار')),
            ],
            options={
                'verbose_name': 'ردیف شمارش',
                'verbose_name_plural': 'ردیف\u200cهای شمارش',
                'ordering': ['-denomination__value_rial'],
                'constraints': [models.UniqueConstraint(fields=('count', 'denomination'), name='one_line_a_note')],
            },
        ),
        migrations.CreateModel(
            name='CounterGift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True, verbose_name='کلید یکتایی')),
                ('body_hash', models.CharField(max_length=64)),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('way', models.CharField(choices=[('cash', 'پول نقد'), ('cheque', 'چک'), ('pos', 'کارت\u200cخوان')], max_length=6, verbose_name='راه')),
                ('state', models.CharField(choices=[('pending', 'در انتظار وصول چک'), ('booked', 'دریافت شد'), ('cancelled', 'باطل شد'), ('bounced', 'چک برگشت خورد'), ('returned', 'چک پس داده شد')], default='pending', max_length=9, verbose_name='وضعیت')),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ (ریال)')),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.fund', verbose_name='نیت')),
                ('province', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.province', verbose_name='استان')),
                ('county', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.county', verbose_name='شهرستان')),
                ('edition', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.edition', verbose_name='دورهٔ پویش')),
                ('donor_name', models.CharField(blank=True, max_length=80, verbose_name='نام نیکوکار')),
                ('mobile', core.fields.EncryptedTextField(blank=True, verbose_name='شمارهٔ همراه')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='دریافت\u200cکننده')),
                ('taken_at', models.DateTimeField(verbose_name='دریافت')),
                ('taken_on', models.DateField(verbose_name='روز (تهران)')),
                ('donation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter_gift', to='donations.donation', verbose_name='کمک')),
                ('booked_at', models.DateTimeField(null=True, verbose_name='ثبت در دفترها')),
                ('count', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='payments.cashcount', verbose_name='شمارش صندوق')),
                ('is_demo', models.BooleanField(default=False, verbose_name='نمونهٔ نمایشی')),
            ],
            options={
                'verbose_name': 'کمک پای پیشخوان',
                'verbose_name_plural': 'کمک\u200cهای پای پیشخوان',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['office', 'taken_on'], name='counter_day'), models.Index(condition=models.Q(('count', None), ('state', 'booked'), ('way', 'cash')), fields=['office'], name='counter_uncounted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_rial__gt', 0)), name='counter_gift_positive'), models.CheckConstraint(condition=models.Q(models.Q(('booked_at__isnull', False), ('donation__isnull', False), ('state__in', ['booked', 'cancelled'])), models.Q(('booked_at', None), ('donation', None), ('state__in', ['pending', 'bounced', 'returned'])), _connector='OR'), name='booked_counter_gift_has_its_donation'), models.CheckConstraint(condition=models.Q(('count', None), models.Q(('state', 'booked'), ('way', 'cash')), _connector='OR'), name='only_cash_is_counted')],
            },
        ),
        migrations.CreateModel(
            name='CounterBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('year', models.PositiveSmallIntegerField(verbose_name='سال')),
                ('last_number', models.PositiveIntegerField(verbose_name='آخرین شماره')),
            ],
            options={
                'verbose_name': 'دفتر رسید',
                'verbose_name_plural': 'دفترهای رسید',
                'constraints': [models.UniqueConstraint(fields=('office', 'year'), name='one_book_a_year')],
            },
        ),
        migrations.CreateModel(
            name='CounterNumber',
            fields=[
                ('gift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='number', serialize=False, to='payments.countergift', verbose_name='کمک')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('year', models.PositiveSmallIntegerField(verbose_name='سال')),
                ('number', models.PositiveIntegerField(verbose_name='شماره')),
            ],
            options={
                'verbose_name': 'شمارهٔ رسید پیشخوان',
                'verbose_name_plural': 'شماره\u200cهای رسید پیشخوان',
                'constraints': [models.UniqueConstraint(fields=('office', 'year', 'number'), name='counter_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Cheque',
            fields=[
                ('gift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='cheque', serialize=False, to='payments.countergift', verbose_name='کمک')),
                ('number', models.CharField(max_length=16, verbose_name='شناسه یا شمارهٔ چک')),
                ('bank', models.CharField(max_length=60, verbose_name='بانک')),
                ('due_on', models.DateField(verbose_name='سررسید')),
                ('state', models.CharField(choices=[('in_hand', 'نزد اداره'), ('cashed', 'وصول شد'), ('bounced', 'برگشت خورد'), ('returned', 'پس داده شد')], default='in_hand', max_length=8, verbose_name='وضعیت')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تعیین\u200cکننده')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='تعیین')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل')),
                ('deposit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cheque', to='payments.cashdeposit', verbose_name='فیش واریز')),
            ],
            options={
                'verbose_name': 'چک',
                'verbose_name_plural': 'چک\u200cها',
                'indexes': [models.Index(condition=models.Q(('state', 'in_hand')), fields=['due_on'], name='cheque_in_hand')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['in_hand', 'cashed'])), fields=('bank', 'number'), name='cheque_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('deposit', None), ('state', 'in_hand')), models.Q(('decided_by__isnull', False), ('deposit__isnull', False), ('state', 'cashed')), models.Q(('decided_by__isnull', False), ('deposit', None), ('state__in', ['bounced', 'returned']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='cheque_state_has_its_evidence')],
            },
        ),
        migrations.CreateModel(
            name='CardSlip',
            fields=[
                ('gift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='slip', serialize=False, to='payments.countergift', verbose_name='کمک')),
                ('terminal_code', models.CharField(max_length=16, verbose_name='شمارهٔ پایانه')),
                ('rrn', models.CharField(max_length=16, verbose_name='شمارهٔ مرجع (RRN)')),
                ('trace_no', models.CharField(max_length=12, verbose_name='شمارهٔ پیگیری')),
                ('paid_on', models.DateField(verbose_name='روز پرداخت')),
                ('is_void', models.BooleanField(default=False, verbose_name='آزادشده')),
            ],
            options={
                'verbose_name': 'رسید کارت\u200cخوان',
                'verbose_name_plural': 'رسیدهای کارت\u200cخوان',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_void', False)), fields=('terminal_code', 'rrn'), name='slip_rrn_once'), models.UniqueConstraint(condition=models.Q(('is_void', False)), fields=('terminal_code', 'paid_on', 'trace_no'), name='slip_trace_once')],
            },
        ),
        migrations.CreateModel(
            name='CounterCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='payments.countergift', verbose_name='کمک')),
                ('reason', models.CharField(max_length=300, verbose_name='دلیل')),
                ('state', models.CharField(choices=[('requested', 'در انتظار تأیید'), ('done', 'باطل شد'), ('refused', 'رد شد')], default='requested', max_length=9, verbose_name='وضعیت')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='درخواست\u200cکننده')),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='درخواست')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تصمیم\u200cگیرنده')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='تصمیم')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل تصمیم')),
            ],
            options={
                'verbose_name': 'ابطال کمک پیشخوان',
                'verbose_name_plural': 'ابطال\u200cهای کمک پیشخوان',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('gift',), name='one_correction_a_gift'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'requested')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['done', 'refused']), models.Q(('decided_by', models.F('requested_by')), _negated=True)), _connector='OR'), name='correction_four_eyes')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
