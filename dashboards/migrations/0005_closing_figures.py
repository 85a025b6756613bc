"""What a campaign had received when it was closed: written once, and kept by the database."""

import django.db.models.deletion
from django.db import migrations, models

RULES = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dashboards_closingfigures
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNDO = "DROP TRIGGER append_only ON dashboards_closingfigures;"


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0009_campaign_plans'),
        ('core', '0002_append_only'),
        ('dashboards', '0004_need_cube'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosingFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_on', models.DateField(verbose_name='روز بستن')),
                ('taken_at', models.DateTimeField(verbose_name='زمان برداشت')),
                ('total_rial', models.BigIntegerField(verbose_name='جمع')),
                ('gifts', models.BigIntegerField(verbose_name='شمار')),
                ('spent_rial', models.BigIntegerField(verbose_name='هزینه\u200cشده')),
                ('parts', models.JSONField(verbose_name='تفکیک\u200cها')),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closing_figures', to='campaigns.branch')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closing_figures', to='campaigns.edition')),
            ],
            options={
                'verbose_name': 'ارقام پایانی',
                'verbose_name_plural': 'ارقام پایانی',
                'constraints': [models.UniqueConstraint(fields=('edition', 'branch'), name='one_closing', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
