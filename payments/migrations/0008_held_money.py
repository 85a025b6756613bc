"""Unusual money and the decisions about it; what already waits is put on the list."""

import core.money
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION payments_guard_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.kind, NEW.terminal_id, NEW.province_id, NEW.amount_rial, NEW.reference, NEW.paid_at, NEW.found_by_id)
       IS DISTINCT FROM
       ROW(OLD.kind, OLD.terminal_id, OLD.province_id, OLD.amount_rial, OLD.reference, OLD.paid_at, OLD.found_by_id)
       OR (OLD.attempt_id IS NOT NULL AND NEW.attempt_id IS DISTINCT FROM OLD.attempt_id)
       OR (OLD.donation_id IS NOT NULL AND NEW.donation_id IS DISTINCT FROM OLD.donation_id) THEN
        RAISE EXCEPTION 'unusual money % cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state = 'open' OR (OLD.state = 'gift' AND NEW.state = 'returned')) THEN
        RAISE EXCEPTION 'unusual money % is settled', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_heldmoney FOR EACH ROW EXECUTE FUNCTION payments_guard_held();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_heldmoney
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION payments_guard_held_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'requested' OR ROW(NEW.held_id, NEW.way, NEW.reason, NEW.basis_id, NEW.fund_id, NEW.province_id,
           NEW.bank_reference, NEW.requested_by_id, NEW.requested_at) IS DISTINCT FROM
           ROW(OLD.held_id, OLD.way, OLD.reason, OLD.basis_id, OLD.fund_id, OLD.province_id,
           OLD.bank_reference, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION 'decision % is made', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_helddecision
    FOR EACH ROW EXECUTE FUNCTION payments_guard_held_decision();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_helddecision
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

INSERT INTO payments_heldmoney (kind, attempt_id, terminal_id, province_id, amount_rial, reference, paid_at, state, note)
SELECT CASE WHEN a.state = 'succeeded' THEN 'paid_twice'
            WHEN a.reason = 'reference_used_before' THEN 'reference_reused' ELSE 'answer_differs' END,
       a.id, a.terminal_id, d.province_id, a.amount_rial, a.reference, coalesce(a.decided_at, a.created_at), 'open', ''
  FROM payments_attempt a JOIN donations_donation d ON d.id = a.donation_id
 WHERE a.state = 'under_review' OR (a.state = 'succeeded' AND a.reason = 'paid_twice');
"""

UNDO = """
DROP TRIGGER kept ON payments_helddecision;
DROP TRIGGER guard ON payments_helddecision;
DROP FUNCTION payments_guard_held_decision();
DROP TRIGGER kept ON payments_heldmoney;
DROP TRIGGER guard ON payments_heldmoney;
DROP FUNCTION payments_guard_held();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_sticker_job_county'),
        ('donations', '0003_amount_paid'),
        ('payments', '0007_account_changes'),
        ('core', '0002_append_only'),
        ('provinces', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('further_gift', 'کمکی دیگر از همان نیکوکار برای همان نیت'), ('accept_paid', 'پذیرش همان کمک به مبلغ پرداخت\u200cشده'), ('assign', 'نسبت دادن به یک کمک یا نیت'), ('return', 'برگشت داده شده در پنل بانک'), ('dismiss', 'پولی نزد ما نیست')], max_length=14, verbose_name='راه')),
                ('reason', models.CharField(max_length=300, verbose_name='دلیل')),
                ('bank_reference', models.CharField(blank=True, max_length=64, verbose_name='شمارهٔ مرجع برگشت')),
                ('state', models.CharField(choices=[('requested', 'در انتظار تأیید'), ('done', 'تأیید و انجام شد'), ('refused', 'رد شد')], default='requested', max_length=10, verbose_name='وضعیت')),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='پیشنهاد')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='تصمیم')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل تصمیم')),
            ],
            options={
                'verbose_name': 'تصمیم دربارهٔ پول نامعمول',
                'verbose_name_plural': 'تصمیم\u200cها دربارهٔ پول\u200cهای نامعمول',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='HeldMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('paid_twice', 'دو بار پرداخت برای یک کمک'), ('late', 'پرداخت پس از رها شدن کمک'), ('amount_differs', 'مبلغ دیگر'), ('answer_differs', 'پاسخ ناسازگار بانک'), ('reference_reused', 'مرجع تکراری'), ('unknown_reference', 'مرجع ناشناخته')], max_length=20, verbose_name='نوع')),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ پرداخت\u200cشده (ریال)')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='شمارهٔ مرجع بانک')),
                ('paid_at', models.DateTimeField(verbose_name='زمان پرداخت')),
                ('state', models.CharField(choices=[('open', 'در انتظار تصمیم'), ('gift', 'کمک شد'), ('returned', 'برگردانده شد'), ('dismissed', 'پولی در میان نبود')], default='open', max_length=10, verbose_name='وضعیت')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='گشایش')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='تعیین تکلیف')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='یادداشت')),
            ],
            options={
                'verbose_name': 'پول نامعمول',
                'verbose_name_plural': 'پول\u200cهای نامعمول',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='helddecision',
            name='basis',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='donations.donation', verbose_name='کمکی که به آن نسبت داده شد'),
        ),
        migrations.AddField(
            model_name='helddecision',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تصمیم\u200cگیرنده'),
        ),
        migrations.AddField(
            model_name='helddecision',
            name='fund',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.fund', verbose_name='نیت'),
        ),
        migrations.AddField(
            model_name='helddecision',
            name='province',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.province', verbose_name='استان'),
        ),
        migrations.AddField(
            model_name='helddecision',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پیشنهاددهنده'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='attempt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held', to='payments.attempt', verbose_name='پرداخت'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='donation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='from_held', to='donations.donation', verbose_name='کمکی که شد'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='found_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکننده'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='found_in',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.callback', verbose_name='بازگشت بی\u200cصاحب'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='مسئول'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='province',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.province', verbose_name='استان'),
        ),
        migrations.AddField(
            model_name='heldmoney',
            name='terminal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.terminal', verbose_name='پایانه'),
        ),
        migrations.AddField(
            model_name='helddecision',
            name='held',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='payments.heldmoney', verbose_name='پول'),
        ),
        migrations.AddIndex(
            model_name='heldmoney',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['opened_at'], name='held_open'),
        ),
        migrations.AddConstraint(
            model_name='heldmoney',
            constraint=models.CheckConstraint(condition=models.Q(('amount_rial__gt', 0)), name='held_positive'),
        ),
        migrations.AddConstraint(
            model_name='heldmoney',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donation', None), ('settled_at', None), ('state', 'open')), models.Q(('donation__isnull', False), ('settled_at__isnull', False), ('state', 'gift')), models.Q(('settled_at__isnull', False), ('state__in', ['returned', 'dismissed'])), _connector='OR'), name='held_gift_is_named'),
        ),
        migrations.AddConstraint(
            model_name='heldmoney',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('found_by', None)), models.Q(('found_by__isnull', False), ('kind', 'unknown_reference'), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='held_comes_from_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='heldmoney',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'unknown_reference'), models.Q(('state', 'dismissed'), _negated=True)), fields=('terminal', 'reference'), name='unknown_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='helddecision',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('held',), name='one_decision_in_force'),
        ),
        migrations.AddConstraint(
            model_name='helddecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'requested')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['done', 'refused']), models.Q(('decided_by', models.F('requested_by')), _negated=True)), _connector='OR'), name='held_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='helddecision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='held_decision_says_why'),
        ),
        migrations.AddConstraint(
            model_name='helddecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'assign'), _negated=True), ('basis__isnull', False), ('fund__isnull', False), _connector='OR'), name='assignment_names_its_aim'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
