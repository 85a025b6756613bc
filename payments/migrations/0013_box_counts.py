"""The cash of boxes: two counts, one gift; kept as it was by the database."""

import core.money
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION payments_guard_box_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(NEW.box_id, NEW.round, NEW.office_id, NEW.first_rial, NEW.counted_by_id, NEW.counted_at)
       IS DISTINCT FROM ROW(OLD.box_id, OLD.round, OLD.office_id, OLD.first_rial, OLD.counted_by_id, OLD.counted_at)
       OR (OLD.state <> 'waiting' AND ROW(NEW.state, NEW.second_rial, NEW.decided_by_id, NEW.decided_at, NEW.donation_id)
           IS DISTINCT FROM ROW(OLD.state, OLD.second_rial, OLD.decided_by_id, OLD.decided_at, OLD.donation_id)) THEN
        RAISE EXCEPTION 'box count % cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON payments_boxcount
    FOR EACH ROW EXECUTE FUNCTION payments_guard_box_count();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_boxcount
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_boxcountline
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER append_only ON payments_boxcountline;
DROP TRIGGER kept ON payments_boxcount;
DROP TRIGGER guard ON payments_boxcount;
DROP FUNCTION payments_guard_box_count();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_box_life'),
        ('donations', '0004_receipt_office'),
        ('payments', '0012_statement_reading'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='cashdeposit',
            name='kind',
            field=models.CharField(choices=[('cash', 'پول نقد'), ('cheque', 'چک'), ('box', 'صندوق فطریه')], default='cash', max_length=6, verbose_name='جنس'),
        ),
        migrations.CreateModel(
            name='BoxCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='نوبت')),
                ('state', models.CharField(choices=[('waiting', 'در انتظار تأیید'), ('confirmed', 'تأیید شد'), ('refused', 'رد شد؛ دوباره شمرده شود')], default='waiting', max_length=9, verbose_name='وضعیت')),
                ('first_rial', core.money.RialField(help_text='به ریال', verbose_name='شمارش نخست (ریال)')),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='شمارش نخست')),
                ('second_rial', core.money.RialField(help_text='به ریال', null=True, verbose_name='شمارش دوم (ریال)')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='شمارش دوم')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='توضیح')),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='campaigns.box', verbose_name='صندوق')),
                ('counted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='شمارندهٔ نخست')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='شمارندهٔ دوم')),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='box_counts', to='payments.cashdeposit', verbose_name='فیش واریز')),
                ('donation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='box_count', to='donations.donation', verbose_name='کمک')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provinces.office', verbose_name='اداره')),
            ],
            options={
                'verbose_name': 'شمارش صندوق فطریه',
                'verbose_name_plural': 'شمارش\u200cهای صندوق\u200cهای فطریه',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='BoxCountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_second', models.BooleanField(verbose_name='شمارش دوم')),
                ('pieces', models.PositiveIntegerField(verbose_name='شمار')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.boxcount')),
                ('denomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.denomination')),
            ],
            options={
                'verbose_name': 'ردیف شمارش صندوق فطریه',
                'verbose_name_plural': 'ردیف\u200cهای شمارش صندوق فطریه',
                'ordering': ['is_second', '-denomination__value_rial'],
            },
        ),
        migrations.AddConstraint(
            model_name='boxcount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('box', 'round'), name='one_count_a_box_and_round'),
        ),
        migrations.AddConstraint(
            model_name='boxcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('second_rial', None), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'confirmed'), ('second_rial__isnull', False), models.Q(('decided_by', models.F('counted_by')), _negated=True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('second_rial', None), ('state', 'refused'), models.Q(('reason', ''), _negated=True), models.Q(('decided_by', models.F('counted_by')), _negated=True)), _connector='OR'), name='box_count_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='boxcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('second_rial', models.F('first_rial')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='box_variance_is_explained'),
        ),
        migrations.AddConstraint(
            model_name='boxcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donation__isnull', False), ('second_rial__gt', 0), ('state', 'confirmed')), models.Q(('deposit', None), ('donation', None), ('second_rial', 0), ('state', 'confirmed')), models.Q(models.Q(('state', 'confirmed'), _negated=True), ('deposit', None), ('donation', None)), _connector='OR'), name='counted_box_money_is_a_gift'),
        ),
        migrations.AddConstraint(
            model_name='boxcount',
            constraint=models.CheckConstraint(condition=models.Q(('first_rial__gte', 0)), name='box_count_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='boxcountline',
            constraint=models.UniqueConstraint(fields=('count', 'is_second', 'denomination'), name='one_line_a_note_and_count'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
