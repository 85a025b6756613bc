"""Events of an office, their guests, promises and costs; the state moves along a table."""

import core.fields
import core.money
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE TABLE campaigns_eventmove (from_state varchar(10), to_state varchar(10), PRIMARY KEY (from_state, to_state));
INSERT INTO campaigns_eventmove VALUES
    ('planned', 'announced'), ('planned', 'cancelled'), ('announced', 'held'), ('announced', 'cancelled'),
    ('held', 'reported');
CREATE FUNCTION campaigns_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM campaigns_eventmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'event % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON campaigns_event FOR EACH ROW EXECUTE FUNCTION campaigns_guard_event();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON campaigns_event
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON campaigns_eventcost
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER append_only ON campaigns_eventcost;
DROP TRIGGER kept ON campaigns_event;
DROP TRIGGER guard ON campaigns_event;
DROP FUNCTION campaigns_guard_event();
DROP TABLE campaigns_eventmove;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_append_only'),
        ('campaigns', '0013_runbook'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='نشانی')),
                ('kind', models.CharField(choices=[('iftar', 'افطار هدفمند'), ('officials_iftar', 'افطار مسئولان در مرکز'), ('marriage', 'جشن ازدواج'), ('delivery', 'آیین تحویل'), ('programme', 'برنامهٔ فرهنگی و معنوی')], max_length=16, verbose_name='نوع')),
                ('title', models.CharField(max_length=120, verbose_name='عنوان')),
                ('address', models.CharField(max_length=200, verbose_name='محل')),
                ('starts_at', models.DateTimeField(verbose_name='زمان')),
                ('capacity', models.PositiveIntegerField(verbose_name='گنجایش')),
                ('story', models.TextField(blank=True, max_length=2000, verbose_name='شرح')),
                ('state', models.CharField(choices=[('planned', 'برنامه\u200cریزی\u200cشده'), ('announced', 'اعلام\u200cشده'), ('held', 'برگزارشده'), ('reported', 'گزارش\u200cشده'), ('cancelled', 'لغوشده')], default='planned', max_length=10, verbose_name='وضعیت')),
                ('others_came', models.PositiveIntegerField(default=0, verbose_name='شمار مهمانان دیگر')),
                ('report', models.TextField(blank=True, max_length=4000, verbose_name='گزارش')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ساخت')),
                ('county', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='provinces.county', verbose_name='شهرستان')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='campaigns.fund', verbose_name='نوع کمک')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='سازنده')),
                ('placement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='event', to='campaigns.placement', verbose_name='کد')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='provinces.province', verbose_name='استان')),
            ],
            options={
                'verbose_name': 'رویداد',
                'verbose_name_plural': 'رویدادها',
                'ordering': ['-starts_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EventNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.event')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.need')),
            ],
            options={
                'verbose_name': 'نیاز رویداد',
                'verbose_name_plural': 'نیازهای رویداد',
            },
        ),
        migrations.AddField(
            model_name='event',
            name='needs',
            field=models.ManyToManyField(related_name='events', through='campaigns.EventNeed', to='campaigns.need', verbose_name='نیازهای این رویداد'),
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='کد دعوت')),
                ('name', models.CharField(max_length=80, verbose_name='نام')),
                ('role', models.CharField(blank=True, max_length=120, verbose_name='سمت')),
                ('mobile', core.fields.EncryptedTextField(blank=True, verbose_name='همراه')),
                ('seats', models.PositiveSmallIntegerField(default=1, verbose_name='شمار نفر')),
                ('invited_at', models.DateTimeField(null=True, verbose_name='فرستادن دعوت')),
                ('came_at', models.DateTimeField(null=True, verbose_name='آمدن')),
                ('checked_in_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پذیرش')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='campaigns.event', verbose_name='رویداد')),
            ],
            options={
                'verbose_name': 'مهمان',
                'verbose_name_plural': 'مهمانان',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=120, verbose_name='چه کسی')),
                ('what', models.CharField(max_length=300, verbose_name='چه وعده\u200cای')),
                ('amount_rial', core.money.RialField(help_text='به ریال', null=True, verbose_name='ارزش (ریال)')),
                ('due_on', models.DateField(verbose_name='موعد')),
                ('state', models.CharField(choices=[('open', 'در پیگیری'), ('kept', 'انجام شد'), ('dropped', 'انجام نشد')], default='open', max_length=8, verbose_name='وضعیت')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='آخرین پیگیری')),
                ('followed_at', models.DateTimeField(null=True, verbose_name='پیگیری')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='campaigns.event', verbose_name='رویداد')),
                ('guest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='campaigns.guest', verbose_name='مهمان')),
                ('minded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='پیگیر')),
            ],
            options={
                'verbose_name': 'وعده',
                'verbose_name_plural': 'وعده\u200cها',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EventCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='بابت')),
                ('amount_rial', core.money.RialField(help_text='به ریال', verbose_name='مبلغ (ریال)')),
                ('source', models.CharField(choices=[('budget', 'بودجهٔ اداره'), ('sponsor', 'حامی، به\u200cصورت مستقیم')], max_length=8, verbose_name='از محل')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ثبت')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='costs', to='campaigns.event', verbose_name='رویداد')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ثبت\u200cکننده')),
            ],
            options={
                'verbose_name': 'هزینهٔ رویداد',
                'verbose_name_plural': 'هزینه\u200cهای رویداد',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_rial__gt', 0)), name='event_cost_positive')],
            },
        ),
        migrations.AddConstraint(
            model_name='eventneed',
            constraint=models.UniqueConstraint(fields=('event', 'need'), name='one_need_an_event'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gt', 0)), name='event_has_room'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'reported'), _negated=True), models.Q(('report', ''), _negated=True), _connector='OR'), name='reported_event_has_report'),
        ),
        migrations.AddConstraint(
            model_name='guest',
            constraint=models.CheckConstraint(condition=models.Q(('seats__gt', 0)), name='guest_has_a_seat'),
        ),
        migrations.AddConstraint(
            model_name='guest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came_at', None), ('checked_in_by', None)), models.Q(('came_at__isnull', False), ('checked_in_by__isnull', False)), _connector='OR'), name='who_came_was_let_in_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_on'], name='open_promise_due'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='dropped_promise_says_why'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('amount_rial', None), ('amount_rial__gt', 0), _connector='OR'), name='promised_amount_positive'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
