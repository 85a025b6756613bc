"""Goods leave as lost by the word of two persons: a confirmed loss, or a confirmed count."""

import django.db.models.deletion
import django.db.models.functions.datetime
import provinces.scoping
from django.conf import settings
from django.db import migrations, models

CHECK = """
CREATE FUNCTION aid_check_lost() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source text := split_part(NEW.reference, ':', 1);
    number bigint := CASE WHEN split_part(NEW.reference, ':', 2) ~ '^[0-9]{1,18}$'
                          THEN split_part(NEW.reference, ':', 2)::bigint END;
BEGIN
    IF EXISTS (SELECT 1 FROM aid_stockmove m WHERE m.reference = NEW.reference AND m.lot_id = NEW.lot_id
                  AND m.kind = 'lost') THEN
        RAISE EXCEPTION '% took goods of lot % already', NEW.reference, NEW.lot_id
              USING ERRCODE = 'restrict_violation';
    END IF;
    IF source = 'loss' AND EXISTS (SELECT 1 FROM aid_stockloss l WHERE l.id = number AND l.state = 'booked'
                                      AND l.lot_id = NEW.lot_id AND l.quantity = -NEW.quantity) THEN
        RETURN NEW;
    END IF;
    IF source = 'count' AND EXISTS (SELECT 1 FROM aid_stockcount c JOIN aid_stockcountline i ON i.count_id = c.id
                                     WHERE c.id = number AND c.state = 'confirmed' AND i.lot_id = NEW.lot_id
                                       AND i.expected - i.counted = -NEW.quantity) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'goods of lot % are lost by the word of two', NEW.lot_id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER lost_by_two BEFORE INSERT ON aid_stockmove FOR EACH ROW WHEN (NEW.kind = 'lost')
    EXECUTE FUNCTION aid_check_lost();

CREATE FUNCTION aid_keep_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting' OR ROW(NEW.lot_id, NEW.quantity, NEW.cause, NEW.note, NEW.reported_by_id, NEW.reported_at)
       IS DISTINCT FROM ROW(OLD.lot_id, OLD.quantity, OLD.cause, OLD.note, OLD.reported_by_id, OLD.reported_at) THEN
        RAISE EXCEPTION 'loss % stays as it was reported and is decided once', OLD.id
              USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON aid_stockloss FOR EACH ROW EXECUTE FUNCTION aid_keep_loss();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON aid_stockloss
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
UNDO = """
DROP TRIGGER never_deleted ON aid_stockloss;
DROP TRIGGER kept ON aid_stockloss;
DROP FUNCTION aid_keep_loss();
DROP TRIGGER lost_by_two ON aid_stockmove;
DROP FUNCTION aid_check_lost();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('aid', '0013_kits_as_planned'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StockLoss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='مقدار')),
                ('cause', models.CharField(choices=[('expired', 'گذشتن تاریخ'), ('damaged', 'آسیب'), ('missing', 'گم\u200cشدن'), ('count', 'شمارش')], max_length=8, verbose_name='سبب')),
                ('note', models.CharField(max_length=300, verbose_name='توضیح')),
                ('state', models.CharField(choices=[('waiting', 'در انتظار تأیید'), ('booked', 'از موجودی کسر شد'), ('refused', 'رد شد')], default='waiting', max_length=8, verbose_name='وضعیت')),
                ('reported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='گزارش')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='تصمیم')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='دلیل رد')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='تصمیم\u200cگیرنده')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='aid.lot', verbose_name='محموله')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='گزارش\u200cدهنده')),
            ],
            options={
                'verbose_name': 'کسر از انبار',
                'verbose_name_plural': 'کسرهای انبار',
                'ordering': ['-pk'],
                'constraints': [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(('decided_at', None), ('decided_by', None), ('state', 'waiting')),
                            models.Q(
                                ('decided_at__isnull', False), ('decided_by__isnull', False),
                                ('state__in', ['booked', 'refused']),
                                models.Q(('decided_by', models.F('reported_by')), _negated=True),
                            ),
                            _connector='OR',
                        ),
                        name='stock_loss_four_eyes',
                    ),
                    models.CheckConstraint(
                        condition=models.Q(('quantity__gt', 0), models.Q(('note', ''), _negated=True)),
                        name='stock_loss_says_why',
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(('state', 'waiting')), fields=('lot',), name='one_loss_of_a_lot_at_a_time'
                    ),
                ],
            },
        ),
        migrations.RunSQL(CHECK, UNDO),
    ]
