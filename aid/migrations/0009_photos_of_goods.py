"""A delivery of goods may have a photo without faces, which a second person looks at; sealed with it."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


_RULES = import_module("aid.migrations.0008_kit_rules")
FACTS = "minutes_number, {row}.recorded_by_id"
PHOTO = "minutes_number, {row}.photo_path, {row}.photo_digest, {row}.photo_is_faceless, {row}.recorded_by_id"


def keeping(facts: str) -> str:
    """The function that keeps what was written down of goods, with these facts in the place of FACTS."""
    body = _RULES.GOODS.split("CREATE TRIGGER", 1)[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for row in ("NEW", "OLD"):
        before = FACTS.format(row=row)
        if body.count(before) != 1:
            raise ValueError(before)
        body = body.replace(before, facts.format(row=row))
    return body


QUEUE = """
CREATE TRIGGER queue_photo_seal AFTER INSERT ON aid_goodsdelivery FOR EACH ROW
    WHEN (NEW.photo_path <> '') EXECUTE FUNCTION ledger_queue_seal_of_row('goods photo');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('aid', '0008_kit_rules'),
        ('campaigns', '0016_sheet_prints'),
        ('provinces', '0003_move_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='goodsdelivery',
            name='photo_digest',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='goodsdelivery',
            name='photo_is_faceless',
            field=models.BooleanField(default=False, verbose_name='بی چهره'),
        ),
        migrations.AddField(
            model_name='goodsdelivery',
            name='photo_path',
            field=models.CharField(blank=True, max_length=120, verbose_name='عکس'),
        ),
        migrations.AddField(
            model_name='goodsdelivery',
            name='photo_reviewed_at',
            field=models.DateTimeField(null=True, verbose_name='بازبینی عکس'),
        ),
        migrations.AddField(
            model_name='goodsdelivery',
            name='photo_reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='بازبین عکس'),
        ),
        migrations.AddConstraint(
            model_name='goodsdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('photo_path', ''), models.Q(('photo_is_faceless', True), models.Q(('photo_digest', ''), _negated=True)), _connector='OR'), name='goods_photo_only_without_faces'),
        ),
        migrations.AddConstraint(
            model_name='goodsdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('photo_reviewed_by', models.F('recorded_by')), _negated=True), name='goods_photo_four_eyes'),
        ),
        migrations.RunSQL(
            keeping(PHOTO) + QUEUE, "DROP TRIGGER queue_photo_seal ON aid_goodsdelivery;" + keeping(FACTS)
        ),
    ]
