"""Proposals of changes to terminals, versions of credentials, and the rules that hold them in the database."""

import core.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION payments_account_is_agreed(terminal bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM payments_terminalproposal
                    WHERE terminal_id = terminal AND state = 'approved' AND applied_at = transaction_timestamp())
$$;

CREATE FUNCTION payments_guard_terminal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.office_id, NEW.gateway) IS DISTINCT FROM ROW(OLD.office_id, OLD.gateway) THEN
        RAISE EXCEPTION 'terminal % keeps its office and gateway', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW(NEW.valid_from, NEW.valid_until, NEW.settlement_iban, NEW.credentials_version)
       IS NOT DISTINCT FROM ROW(OLD.valid_from, OLD.valid_until, OLD.settlement_iban, OLD.credentials_version)
       AND (NEW.credentials = OLD.credentials
            -- the same text under another key of the ring
            OR (OLD.credentials <> '' AND split_part(NEW.credentials, ':', 1) <> split_part(OLD.credentials, ':', 1)
                AND length(NEW.credentials) - position(':' IN NEW.credentials)
                    = length(OLD.credentials) - position(':' IN OLD.credentials))) THEN
        RETURN NEW;
    END IF;
    IF NOT payments_account_is_agreed(OLD.id) THEN
        RAISE EXCEPTION 'terminal % changes by an approved proposal only', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_terminal FOR EACH ROW EXECUTE FUNCTION payments_guard_terminal();

CREATE FUNCTION payments_guard_deposit_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT payments_account_is_agreed(OLD.terminal_id))
       OR (TG_OP <> 'DELETE' AND NOT payments_account_is_agreed(NEW.terminal_id)) THEN
        RAISE EXCEPTION 'deposit ids change by an approved proposal only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON payments_depositidentifier
    FOR EACH ROW EXECUTE FUNCTION payments_guard_deposit_id();

CREATE FUNCTION payments_guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' THEN
            RAISE EXCEPTION 'a proposal begins undecided' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'waiting' OR NEW.state = 'waiting' OR NEW.payload <> ''
       OR ROW(NEW.office_id, NEW.gateway, NEW.differences, NEW.reason, NEW.proposed_by_id, NEW.proposed_at,
              NEW.expires_at)
          IS DISTINCT FROM ROW(OLD.office_id, OLD.gateway, OLD.differences, OLD.reason, OLD.proposed_by_id,
              OLD.proposed_at, OLD.expires_at)
       OR (OLD.terminal_id IS NOT NULL AND NEW.terminal_id IS DISTINCT FROM OLD.terminal_id) THEN
        RAISE EXCEPTION 'proposal % can only be decided, once', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'approved' AND NEW.applied_at >= OLD.expires_at THEN
        RAISE EXCEPTION 'proposal % has expired', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON payments_terminalproposal
    FOR EACH ROW EXECUTE FUNCTION payments_guard_proposal();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_terminalproposal
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_retiredcredentials
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER kept ON payments_retiredcredentials;
DROP TRIGGER kept ON payments_terminalproposal;
DROP TRIGGER guard ON payments_terminalproposal;
DROP FUNCTION payments_guard_proposal();
DROP TRIGGER guard ON payments_depositidentifier;
DROP FUNCTION payments_guard_deposit_id();
DROP TRIGGER guard ON payments_terminal;
DROP FUNCTION payments_guard_terminal();
DROP FUNCTION payments_account_is_agreed(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_statements"),
        ("provinces", "0001_initial"),
        ("core", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='credentials_version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='نسخهٔ مشخصات پایانه'),
        ),
        migrations.AddField(
            model_name='terminal',
            name='credentials_version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='نسخهٔ مشخصات'),
        ),
        migrations.AddField(
            model_name='terminal',
            name='settlement_iban',
            field=models.CharField(blank=True, db_default='', max_length=26, verbose_name='شبای حساب تسویه'),
        ),
        migrations.AddConstraint(
            model_name='terminal',
            constraint=models.CheckConstraint(condition=models.Q(('settlement_iban', ''), ('settlement_iban__regex', '^IR[0-9]{24}$'), _connector='OR'), name='terminal_iban_is_one'),
        ),
        migrations.CreateModel(
            name='TerminalProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gateway', models.CharField(choices=[('zarinpal', 'زرین\u200cپال'), ('sep', 'سپ (سامان)'), ('sadad', 'سداد (ملی)'), ('mellat', 'به\u200cپرداخت ملت'), ('zibal', 'زیبال')], max_length=12, verbose_name='درگاه')),
                ('payload', core.fields.EncryptedTextField(blank=True, verbose_name='محتوا')),
                ('differences', models.JSONField(verbose_name='تفاوت\u200cها')),
                ('reason', models.CharField(max_length=300, verbose_name='دلیل')),
                ('state', models.CharField(choices=[('waiting', 'در انتظار تصمیم'), ('approved', 'تأیید و اعمال شد'), ('refused', 'رد شد'), ('withdrawn', 'پس گرفته شد'), ('expired', 'مهلت آن گذشت')], default='waiting', max_length=10, verbose_name='وضعیت')),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='زمان پیشنهاد')),
                ('expires_at', models.DateTimeField(verbose_name='مهلت تصمیم')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='زمان تصمیم')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل تصمیم')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='زمان اعمال')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تصمیم\u200cگیرنده')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پیشنهاددهنده')),
                ('terminal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='payments.terminal', verbose_name='پایانه')),
            ],
            options={
                'verbose_name': 'پیشنهاد تغییر پایانه',
                'verbose_name_plural': 'پیشنهادهای تغییر پایانه',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RetiredCredentials',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='نسخه')),
                ('credentials', core.fields.EncryptedTextField(blank=True, verbose_name='مشخصات محرمانه')),
                ('valid_until', models.DateTimeField(verbose_name='تا')),
                ('terminal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retired_credentials', to='payments.terminal')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retired', to='payments.terminalproposal')),
            ],
            options={
                'verbose_name': 'مشخصات پیشین پایانه',
                'verbose_name_plural': 'مشخصات پیشین پایانه\u200cها',
            },
        ),
        migrations.AddConstraint(
            model_name='terminalproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting'), ('terminal__isnull', False)), fields=('terminal',), name='one_open_proposal_a_terminal'),
        ),
        migrations.AddConstraint(
            model_name='terminalproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('office', 'gateway'), name='one_open_proposal_an_account'),
        ),
        migrations.AddConstraint(
            model_name='terminalproposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='terminalproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'waiting')), ('applied_at', None), ('decided_at', None), ('decided_by', None), ('proposed_at__lt', models.F('expires_at'))), models.Q(('applied_at__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'approved'), ('terminal__isnull', False)), models.Q(('applied_at', None), ('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'refused')), models.Q(('applied_at', None), ('decided_at__isnull', False), ('decided_by', None), ('state__in', ['withdrawn', 'expired'])), _connector='OR'), name='proposal_state_fits'),
        ),
        migrations.AddConstraint(
            model_name='terminalproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), models.Q(('payload', ''), _negated=True)), models.Q(models.Q(('state', 'waiting'), _negated=True), ('payload', '')), _connector='OR'), name='proposal_forgets_secrets'),
        ),
        migrations.AddConstraint(
            model_name='retiredcredentials',
            constraint=models.UniqueConstraint(fields=('terminal', 'version'), name='one_version_of_credentials'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
