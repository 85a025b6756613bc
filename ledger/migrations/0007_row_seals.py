"""The second hash chain: its queue, its links, and how other rooms' tables queue their rows."""

import django.db.models.functions.datetime
from django.db import migrations, models

RULES = """
CREATE FUNCTION ledger_queue_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_sealrow (kind, row_id) SELECT TG_ARGV[0], id FROM new_rows;
    RETURN NULL;
END $$;
CREATE FUNCTION ledger_queue_seal_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_sealrow (kind, row_id) VALUES (TG_ARGV[0], NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_rowsealchunk
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNDO = """
DROP TRIGGER append_only ON ledger_rowsealchunk;
DROP FUNCTION ledger_queue_seal_of_row();
DROP FUNCTION ledger_queue_seal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_need'),
    ]

    operations = [
        migrations.CreateModel(
            name='RowSealChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True, verbose_name='روز')),
                ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='زمان')),
                ('rows', models.PositiveIntegerField(verbose_name='ردیف\u200cها')),
                ('leaves', models.BinaryField()),
                ('digest', models.BinaryField()),
            ],
            options={
                'verbose_name': 'مُهر ردیف\u200cها',
                'verbose_name_plural': 'مُهرهای ردیف\u200cها',
            },
        ),
        migrations.CreateModel(
            name='SealRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('row_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'ردیف در راه مُهر',
                'verbose_name_plural': 'ردیف\u200cهای در راه مُهر',
            },
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('gift', 'کمک'), ('unexpected', 'دریافت نامعین'), ('payout', 'واریز تسویه'), ('deposit', 'واریز به بانک'), ('identified', 'شناسایی واریز نامعین'), ('adjustment', 'سند اصلاحی'), ('reversal', 'برگشت سند'), ('allocation', 'تخصیص'), ('delivery', 'تحویل')], max_length=12, verbose_name='نوع'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
