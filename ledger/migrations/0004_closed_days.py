"""Closed days, and the rule that nothing is booked into one.

An entry of a past day holds that day by a shared lock until its transaction ends; whoever closes a day holds it alone
(`ledger.closing`). Entries of the day itself, which is how giving books, ask for no lock: a day can be closed only an
hour after its end.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION ledger_keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shut record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7203, past.day - DATE '2000-01-01')
       FROM (SELECT DISTINCT e.day FROM (SELECT DISTINCT entry_id FROM new_legs) t
               JOIN ledger_entry e ON e.id = t.entry_id
              WHERE e.day < (now() AT TIME ZONE 'Asia/Tehran')::date ORDER BY e.day) past;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT e.source, c.day, c.province_code INTO shut
      FROM new_legs l
      JOIN ledger_entry e ON e.id = l.entry_id
      JOIN ledger_dimension d ON d.id = l.dimension_id
      JOIN ledger_closedday c ON c.day = e.day AND c.province_code = coalesce(d.province_id, '') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % falls on %, which is closed for province "%"', shut.source, shut.day,
            shut.province_code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_days AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_closed();
"""
UNDO = """
DROP TRIGGER closed_days ON ledger_posting;
DROP FUNCTION ledger_keep_closed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_other_ways'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province_code', models.CharField(blank=True, max_length=2, verbose_name='استان')),
                ('day', models.DateField(verbose_name='روز')),
                ('closed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='بسته شد')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='به دست')),
            ],
            options={
                'verbose_name': 'روز بسته',
                'verbose_name_plural': 'روزهای بسته',
                'constraints': [models.UniqueConstraint(fields=('province_code', 'day'), name='a_day_is_closed_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province_code', models.CharField(blank=True, max_length=2, verbose_name='استان')),
                ('starts_on', models.DateField(verbose_name='نخستین روز')),
                ('closed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='بسته شد')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='به دست')),
            ],
            options={
                'verbose_name': 'ماه بسته',
                'verbose_name_plural': 'ماه‌های بسته',
                'constraints': [models.UniqueConstraint(fields=('province_code', 'starts_on'), name='a_month_is_closed_once')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
