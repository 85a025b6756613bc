"""A need's items, its moves as a table, and what was verified kept as it was verified.

The table of moves is written out here as it stood; a test keeps it equal to `campaigns.need_states.MOVES`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.text import search_key


RULES = """
CREATE TABLE campaigns_needmove (from_state varchar(10), to_state varchar(10), PRIMARY KEY (from_state, to_state));
INSERT INTO campaigns_needmove VALUES
    ('found', 'verified'), ('found', 'refused'), ('found', 'withdrawn'), ('refused', 'found'),
    ('verified', 'published'), ('verified', 'found'), ('verified', 'withdrawn'),
    ('published', 'funded'), ('published', 'closed'), ('published', 'withdrawn'),
    ('funded', 'published'), ('funded', 'closed');

CREATE FUNCTION campaigns_guard_need() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'found' THEN
            RAISE EXCEPTION 'a need begins as found' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM campaigns_needmove WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'need % may not go from % to %', OLD.code, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.code <> OLD.code OR (OLD.state NOT IN ('found', 'refused') AND
       ROW(NEW.kind, NEW.title, NEW.story, NEW.province_id, NEW.county_id, NEW.fund_id, NEW.persons, NEW.goal_rial,
           NEW.wanted_by, NEW.surplus_rule, NEW.centre_code, NEW.found_by_id, NEW.is_demo)
       IS DISTINCT FROM
       ROW(OLD.kind, OLD.title, OLD.story, OLD.province_id, OLD.county_id, OLD.fund_id, OLD.persons, OLD.goal_rial,
           OLD.wanted_by, OLD.surplus_rule, OLD.centre_code, OLD.found_by_id, OLD.is_demo)) THEN
        RAISE EXCEPTION 'need % is kept as it was verified', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.verified_by_id IS NOT NULL AND NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id
       AND NEW.state <> 'found' THEN
        RAISE EXCEPTION 'need % keeps who verified it', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON campaigns_need
    FOR EACH ROW EXECUTE FUNCTION campaigns_guard_need();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON campaigns_need
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION campaigns_guard_need_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM campaigns_need
                WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.need_id END,
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.need_id END)
                  AND state NOT IN ('found', 'refused')) THEN
        RAISE EXCEPTION 'the items of a verified need are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON campaigns_needitem
    FOR EACH ROW EXECUTE FUNCTION campaigns_guard_need_item();
"""

UNDO = """
DROP TRIGGER guard ON campaigns_needitem;
DROP FUNCTION campaigns_guard_need_item();
DROP TRIGGER kept ON campaigns_need;
DROP TRIGGER guard ON campaigns_need;
DROP FUNCTION campaigns_guard_need();
DROP TABLE campaigns_needmove;
"""


def fill_search_keys(apps, schema_editor):
    for need in apps.get_model("campaigns", "Need").objects.filter(search_key=""):
        need.search_key = search_key(f"{need.title} {need.get_kind_display()} {need.story}")
        need.save(update_fields=["search_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0009_campaign_plans'),
        ('core', '0002_append_only'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NeedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='ترتیب')),
                ('item', models.CharField(max_length=80, verbose_name='قلم')),
                ('quantity', models.PositiveIntegerField(verbose_name='تعداد')),
                ('unit', models.CharField(max_length=20, verbose_name='واحد')),
                ('unit_price_rial', models.BigIntegerField(blank=True, null=True, verbose_name='بهای برآوردی هر واحد (ریال)')),
            ],
            options={
                'verbose_name': 'قلم نیاز',
                'verbose_name_plural': 'اقلام نیاز',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='need',
            name='shown_need_is_verified',
        ),
        migrations.RemoveConstraint(
            model_name='need',
            name='closed_need_says_what_became',
        ),
        migrations.AddField(
            model_name='need',
            name='centre_code',
            field=models.CharField(blank=True, max_length=20, verbose_name='کد مرکز مثبت زندگی'),
        ),
        migrations.AddField(
            model_name='need',
            name='closing_evidence',
            field=models.CharField(blank=True, max_length=200, verbose_name='مدرک پایان'),
        ),
        migrations.AddField(
            model_name='need',
            name='decision_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='دلیل آخرین تصمیم'),
        ),
        migrations.AddField(
            model_name='need',
            name='search_key',
            field=models.TextField(default='', editable=False),
        ),
        migrations.AlterField(
            model_name='need',
            name='state',
            field=models.CharField(choices=[('found', 'در انتظار تأیید'), ('refused', 'تأیید نشد'), ('verified', 'تأییدشده'), ('published', 'منتشرشده'), ('funded', 'تأمین\u200cشده'), ('closed', 'پایان\u200cیافته'), ('withdrawn', 'پس\u200cگرفته\u200cشده')], default='found', max_length=10, verbose_name='وضعیت'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['state', 'province'], name='needs_by_state'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['found', 'refused']), models.Q(('found_by__isnull', False), ('verified_at__isnull', False), ('verified_by__isnull', False)), models.Q(('published_at', None), ('state', 'withdrawn')), _connector='OR'), name='shown_need_is_verified'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), models.Q(('closing_report', ''), _negated=True), models.Q(('closing_evidence', ''), _negated=True)), _connector='OR'), name='closed_need_says_what_became'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'funded', 'closed']), _negated=True), ('published_at__isnull', False), _connector='OR'), name='shown_need_has_a_day'),
        ),
        migrations.AddField(
            model_name='needitem',
            name='need',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wanted_items', to='campaigns.need', verbose_name='نیاز'),
        ),
        migrations.AddConstraint(
            model_name='needitem',
            constraint=models.UniqueConstraint(fields=('need', 'item'), name='need_asks_an_item_once'),
        ),
        migrations.AddConstraint(
            model_name='needitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('unit_price_rial', None), ('unit_price_rial__gt', 0), _connector='OR')), name='need_item_positive'),
        ),
        migrations.RunPython(fill_search_keys, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(RULES, UNDO),
    ]
