"""Lines say by which key they are named; nothing of what was imported can be deleted."""

import core.fields
import django.db.models.deletion
from django.db import migrations, models


KEPT = ("statementsource", "statementimport", "statementline", "unreadline", "linerevision")
RULES = "".join(
    f"""CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON payments_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"""
    for table in KEPT
)
UNDO = "".join(f"DROP TRIGGER kept ON payments_{table};" for table in KEPT)


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_reconciliation'),
        ('core', '0002_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='statementline',
            name='key_rank',
            field=models.PositiveSmallIntegerField(db_default=0, verbose_name='توان کلید'),
        ),
        migrations.AddField(
            model_name='unreadline',
            name='fields',
            field=models.JSONField(default=dict, verbose_name='آنچه خوانده شد'),
        ),
        migrations.AlterField(
            model_name='statementline',
            name='first_import',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.statementimport'),
        ),
        migrations.AlterField(
            model_name='statementline',
            name='source',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='payments.statementsource', verbose_name='منبع'),
        ),
        migrations.AlterField(
            model_name='unreadline',
            name='raw',
            field=core.fields.EncryptedTextField(blank=True, verbose_name='متن ردیف'),
        ),
        migrations.AddIndex(
            model_name='statementline',
            index=models.Index(condition=models.Q(('key_rank__gt', 0), ('key_rank__lt', 99)), fields=['source', 'day'], name='line_weak_key'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
