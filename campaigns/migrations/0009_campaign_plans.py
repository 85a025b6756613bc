"""Editions and branches have plans of their own, pictures and news; their states move along a table.

The table is written out here as it stood; a test keeps it equal to `campaigns.states.MOVES`.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MOVES = {"draft": ["approved"], "approved": ["open", "draft"], "open": ["closed"], "closed": ["reported"]}
ROWS = ", ".join(f"('{old}', '{new}')" for old, news in MOVES.items() for new in news)
RULES = f"""
CREATE TABLE campaigns_planmove (from_state varchar(10), to_state varchar(10), PRIMARY KEY (from_state, to_state));
INSERT INTO campaigns_planmove VALUES {ROWS};

CREATE FUNCTION campaigns_guard_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state THEN
        IF NOT EXISTS (SELECT 1 FROM campaigns_planmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
            RAISE EXCEPTION '% % may not go from % to %', TG_TABLE_NAME, OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'approved' AND (NEW.proposed_by_id IS NULL OR NEW.approved_by_id IS NULL) THEN
            RAISE EXCEPTION '% % is approved by nobody', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON campaigns_edition FOR EACH ROW EXECUTE FUNCTION campaigns_guard_plan();
CREATE TRIGGER guard BEFORE UPDATE ON campaigns_branch FOR EACH ROW EXECUTE FUNCTION campaigns_guard_plan();

CREATE FUNCTION campaigns_guard_branch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.edition_id, NEW.province_id) IS DISTINCT FROM ROW(OLD.edition_id, OLD.province_id) THEN
        RAISE EXCEPTION 'branch % belongs where it began', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'open' AND OLD.state <> 'open' THEN
        PERFORM 1 FROM campaigns_edition WHERE id = NEW.edition_id AND state = 'open' FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the edition of branch % is not open', OLD.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE UPDATE ON campaigns_branch
    FOR EACH ROW EXECUTE FUNCTION campaigns_guard_branch();
"""
UNDO = """
DROP TRIGGER guard_place ON campaigns_branch;
DROP FUNCTION campaigns_guard_branch();
DROP TRIGGER guard ON campaigns_branch;
DROP TRIGGER guard ON campaigns_edition;
DROP FUNCTION campaigns_guard_plan();
DROP TABLE campaigns_planmove;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0008_rates'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='News',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='روز')),
                ('title', models.CharField(max_length=120, verbose_name='عنوان')),
                ('text', models.TextField(verbose_name='متن')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='زمان')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='برداشته\u200cشده')),
            ],
            options={
                'verbose_name': 'خبر پویش',
                'verbose_name_plural': 'خبرهای پویش',
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('file', models.FileField(upload_to='campaigns/', verbose_name='پرونده')),
                ('alt', models.CharField(max_length=200, verbose_name='شرح تصویر')),
                ('width', models.PositiveIntegerField(verbose_name='پهنا')),
                ('height', models.PositiveIntegerField(verbose_name='بلندا')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='زمان')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='برداشته\u200cشده')),
            ],
            options={
                'verbose_name': 'تصویر پویش',
                'verbose_name_plural': 'تصویرهای پویش',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='branch',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='تأیید'),
        ),
        migrations.AddField(
            model_name='branch',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تأییدکننده'),
        ),
        migrations.AddField(
            model_name='branch',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='آخرین تغییر'),
        ),
        migrations.AddField(
            model_name='branch',
            name='channel_kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('web', 'درگاه اینترنتی'), ('qr', 'کد QR'), ('ussd', 'کد دستوری'), ('card', 'کارت'), ('app', 'برنامهٔ پرداخت'), ('box', 'صندوق'), ('pos', 'کارت\u200cخوان'), ('bank', 'واریز بانکی'), ('counter', 'پیشخوان اداره')], max_length=8), blank=True, default=list, size=None, verbose_name='راه\u200cهای پرداخت'),
        ),
        migrations.AddField(
            model_name='branch',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='بستن'),
        ),
        migrations.AddField(
            model_name='branch',
            name='closing_text',
            field=models.TextField(blank=True, verbose_name='سخن پایانی'),
        ),
        migrations.AddField(
            model_name='branch',
            name='ends_on',
            field=models.DateField(blank=True, null=True, verbose_name='پایان'),
        ),
        migrations.AddField(
            model_name='branch',
            name='fund_codes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='انواع کمک مجاز'),
        ),
        migrations.AddField(
            model_name='branch',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='گشایش'),
        ),
        migrations.AddField(
            model_name='branch',
            name='proposed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='فرستاده برای تأیید'),
        ),
        migrations.AddField(
            model_name='branch',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پیشنهاددهنده'),
        ),
        migrations.AddField(
            model_name='branch',
            name='report_text',
            field=models.TextField(blank=True, verbose_name='گزارش'),
        ),
        migrations.AddField(
            model_name='branch',
            name='reported_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='انتشار گزارش'),
        ),
        migrations.AddField(
            model_name='branch',
            name='returned_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='چرا برگشت'),
        ),
        migrations.AddField(
            model_name='branch',
            name='starts_on',
            field=models.DateField(blank=True, null=True, verbose_name='آغاز'),
        ),
        migrations.AddField(
            model_name='branch',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='نسخه'),
        ),
        migrations.AddField(
            model_name='edition',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='تأیید'),
        ),
        migrations.AddField(
            model_name='edition',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تأییدکننده'),
        ),
        migrations.AddField(
            model_name='edition',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='آخرین تغییر'),
        ),
        migrations.AddField(
            model_name='edition',
            name='channel_kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('web', 'درگاه اینترنتی'), ('qr', 'کد QR'), ('ussd', 'کد دستوری'), ('card', 'کارت'), ('app', 'برنامهٔ پرداخت'), ('box', 'صندوق'), ('pos', 'کارت\u200cخوان'), ('bank', 'واریز بانکی'), ('counter', 'پیشخوان اداره')], max_length=8), blank=True, default=list, size=None, verbose_name='راه\u200cهای پرداخت'),
        ),
        migrations.AddField(
            model_name='edition',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='بستن'),
        ),
        migrations.AddField(
            model_name='edition',
            name='closing_text',
            field=models.TextField(blank=True, verbose_name='سخن پایانی'),
        ),
        migrations.AddField(
            model_name='edition',
            name='fund_codes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='انواع کمک مجاز'),
        ),
        migrations.AddField(
            model_name='edition',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='گشایش'),
        ),
        migrations.AddField(
            model_name='edition',
            name='proposed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='فرستاده برای تأیید'),
        ),
        migrations.AddField(
            model_name='edition',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پیشنهاددهنده'),
        ),
        migrations.AddField(
            model_name='edition',
            name='report_text',
            field=models.TextField(blank=True, verbose_name='گزارش'),
        ),
        migrations.AddField(
            model_name='edition',
            name='reported_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='انتشار گزارش'),
        ),
        migrations.AddField(
            model_name='edition',
            name='returned_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='چرا برگشت'),
        ),
        migrations.AddField(
            model_name='edition',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='نسخه'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('proposed_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='branch_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.CheckConstraint(condition=models.Q(('goal_rial', None), ('goal_rial__gt', 0), _connector='OR'), name='branch_goal_positive'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='branch_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('proposed_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='edition_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('goal_rial', None), ('goal_rial__gt', 0), _connector='OR'), name='edition_goal_positive'),
        ),
        migrations.AddField(
            model_name='news',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='campaigns.branch'),
        ),
        migrations.AddField(
            model_name='news',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='news',
            name='edition',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='campaigns.edition'),
        ),
        migrations.AddField(
            model_name='picture',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='campaigns.branch'),
        ),
        migrations.AddField(
            model_name='picture',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='picture',
            name='edition',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='campaigns.edition'),
        ),
        migrations.AddField(
            model_name='news',
            name='picture',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='campaigns.picture'),
        ),
        migrations.AddConstraint(
            model_name='picture',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('branch', None), ('edition__isnull', False)), models.Q(('branch__isnull', False), ('edition', None)), _connector='OR'), name='picture_of_one_plan'),
        ),
        migrations.AddConstraint(
            model_name='picture',
            constraint=models.CheckConstraint(condition=models.Q(('alt', ''), _negated=True), name='picture_is_described'),
        ),
        migrations.AddConstraint(
            model_name='news',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('branch', None), ('edition__isnull', False)), models.Q(('branch__isnull', False), ('edition', None)), _connector='OR'), name='news_of_one_plan'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
