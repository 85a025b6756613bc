"""A box from plan to bank: seal, spot, custodian, states that only move along a table, each move written down."""

import core.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE TABLE campaigns_boxmove (from_state varchar(12), to_state varchar(12), PRIMARY KEY (from_state, to_state));
INSERT INTO campaigns_boxmove VALUES
    ('planned', 'printed'), ('planned', 'placed'), ('printed', 'placed'),
    ('placed', 'sealed'), ('placed', 'lost'), ('placed', 'damaged'),
    ('sealed', 'collected'), ('sealed', 'lost'), ('sealed', 'damaged'),
    ('damaged', 'collected'), ('damaged', 'lost'), ('lost', 'collected'),
    ('collected', 'counted'), ('collected', 'lost'),
    ('counted', 'deposited'), ('counted', 'reconciled'),
    ('deposited', 'reconciled'), ('deposited', 'counted'),
    ('reconciled', 'placed');

CREATE FUNCTION campaigns_guard_box() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE begins_round boolean := OLD.state = 'reconciled' AND NEW.state = 'placed';
BEGIN
    IF ROW(NEW.number, NEW.province_id) IS DISTINCT FROM ROW(OLD.number, OLD.province_id)
       OR NEW.round <> OLD.round + begins_round::int THEN
        RAISE EXCEPTION 'box % keeps its number, province and round', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = OLD.state AND NEW.seal_no = OLD.seal_no THEN
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM campaigns_boxmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'box % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'placed' AND OLD.state <> 'placed' AND (NEW.permit_no = '' OR NEW.permit_valid_until IS NULL
       OR NEW.permit_valid_until < (now() AT TIME ZONE 'Asia/Tehran')::date) THEN
        RAISE EXCEPTION 'box % has no permit that is valid today', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.moved_by_id IS NULL AND NEW.moved_job = '' THEN
        RAISE EXCEPTION 'nobody moved box %', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO campaigns_boxevent
        (box_id, round, from_state, to_state, actor_id, job, latitude, longitude, seal_no, note)
    VALUES (OLD.id, NEW.round, OLD.state, NEW.state, NEW.moved_by_id, NEW.moved_job, NEW.latitude, NEW.longitude,
            NEW.seal_no, NEW.moved_note);
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON campaigns_box FOR EACH ROW EXECUTE FUNCTION campaigns_guard_box();

CREATE FUNCTION campaigns_guard_new_box() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'planned' OR NEW.round <> 1 THEN
        RAISE EXCEPTION 'a box begins as planned' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON campaigns_box
    FOR EACH ROW EXECUTE FUNCTION campaigns_guard_new_box();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON campaigns_box
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON campaigns_boxevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER append_only ON campaigns_boxevent;
DROP TRIGGER kept ON campaigns_box;
DROP TRIGGER guard_new ON campaigns_box;
DROP FUNCTION campaigns_guard_new_box();
DROP TRIGGER guard ON campaigns_box;
DROP FUNCTION campaigns_guard_box();
DROP TABLE campaigns_boxmove;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_append_only'),
        ('campaigns', '0006_need'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BoxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='نوبت')),
                ('from_state', models.CharField(choices=[('planned', 'برنامه\u200cریزی\u200cشده'), ('printed', 'چاپ\u200cشده'), ('placed', 'مستقر'), ('sealed', 'مهروموم\u200cشده'), ('collected', 'جمع\u200cآوری\u200cشده'), ('counted', 'شمرده\u200cشده'), ('deposited', 'واریزشده'), ('reconciled', 'در بانک دیده\u200cشده'), ('lost', 'گم\u200cشده'), ('damaged', 'آسیب\u200cدیده')], max_length=12, verbose_name='از')),
                ('to_state', models.CharField(choices=[('planned', 'برنامه\u200cریزی\u200cشده'), ('printed', 'چاپ\u200cشده'), ('placed', 'مستقر'), ('sealed', 'مهروموم\u200cشده'), ('collected', 'جمع\u200cآوری\u200cشده'), ('counted', 'شمرده\u200cشده'), ('deposited', 'واریزشده'), ('reconciled', 'در بانک دیده\u200cشده'), ('lost', 'گم\u200cشده'), ('damaged', 'آسیب\u200cدیده')], max_length=12, verbose_name='به')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='زمان')),
                ('job', models.CharField(blank=True, max_length=60)),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8, null=True, verbose_name='عرض جغرافیایی')),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=8, null=True, verbose_name='طول جغرافیایی')),
                ('seal_no', models.CharField(blank=True, max_length=40, verbose_name='شمارهٔ مهروموم')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='یادداشت')),
            ],
            options={
                'verbose_name': 'گام صندوق',
                'verbose_name_plural': 'گام\u200cهای صندوق',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='box',
            name='custodian_mobile',
            field=core.fields.EncryptedTextField(blank=True, verbose_name='همراه متولی'),
        ),
        migrations.AddField(
            model_name='box',
            name='custodian_name',
            field=models.CharField(blank=True, max_length=80, verbose_name='متولی صندوق'),
        ),
        migrations.AddField(
            model_name='box',
            name='latitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='عرض جغرافیایی'),
        ),
        migrations.AddField(
            model_name='box',
            name='longitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='طول جغرافیایی'),
        ),
        migrations.AddField(
            model_name='box',
            name='moved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکننده'),
        ),
        migrations.AddField(
            model_name='box',
            name='moved_job',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='box',
            name='moved_note',
            field=models.CharField(blank=True, max_length=300, verbose_name='یادداشت'),
        ),
        migrations.AddField(
            model_name='box',
            name='round',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='نوبت'),
        ),
        migrations.AddField(
            model_name='box',
            name='seal_no',
            field=models.CharField(blank=True, max_length=40, verbose_name='شمارهٔ مهروموم'),
        ),
        migrations.AlterField(
            model_name='box',
            name='state',
            field=models.CharField(choices=[('planned', 'برنامه\u200cریزی\u200cشده'), ('printed', 'چاپ\u200cشده'), ('placed', 'مستقر'), ('sealed', 'مهروموم\u200cشده'), ('collected', 'جمع\u200cآوری\u200cشده'), ('counted', 'شمرده\u200cشده'), ('deposited', 'واریزشده'), ('reconciled', 'در بانک دیده\u200cشده'), ('lost', 'گم\u200cشده'), ('damaged', 'آسیب\u200cدیده')], default='planned', max_length=12, verbose_name='وضعیت'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sealed'), _negated=True), models.Q(('seal_no', ''), _negated=True), _connector='OR'), name='sealed_box_has_seal'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='box_stands_at_a_whole_point'),
        ),
        migrations.AddField(
            model_name='boxevent',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکننده'),
        ),
        migrations.AddField(
            model_name='boxevent',
            name='box',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='campaigns.box', verbose_name='صندوق'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
