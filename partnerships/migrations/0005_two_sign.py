"""That a memorandum was signed is written down by one person and confirmed by another, who is somebody else; one that a
person drafted is signed in no other way. While it waits its terms stay as they are."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

_RULES = import_module("partnerships.migrations.0002_promise_rules")
AGREEMENT_CHANGES = [
    (
        "BEGIN\n    IF NEW.state <> OLD.state",
        """BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.signing_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a memorandum begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.is_demo <> OLD.is_demo THEN
        RAISE EXCEPTION 'agreement % stays whose it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'signed' AND (NEW.signing_by_id IS NULL OR NEW.signed_by_id IS NULL)
       AND NOT (NEW.made_by_id IS NULL AND NEW.signing_by_id IS NULL AND (NEW.is_demo OR NEW.source <> '')) THEN
        RAISE EXCEPTION 'two persons say that agreement % is signed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND ROW(NEW.signing_by_id, NEW.signing_at, NEW.signed_by_id, NEW.signed_at)
       IS DISTINCT FROM ROW(OLD.signing_by_id, OLD.signing_at, OLD.signed_by_id, OLD.signed_at) THEN
        RAISE EXCEPTION 'agreement % is signed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'draft' AND OLD.signing_by_id IS NOT NULL AND NEW.signing_by_id IS NOT NULL
       AND NEW.signing_by_id <> OLD.signing_by_id THEN
        RAISE EXCEPTION 'agreement % waits for a second person', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state""",
    ),
    (
        "IF OLD.state <> 'draft' AND ROW(NEW.partner_id,",
        "IF (OLD.state <> 'draft' OR OLD.signing_by_id IS NOT NULL AND NEW.signing_by_id IS NOT NULL)\n"
        "        AND ROW(NEW.partner_id,",
    ),
]
ITEM_CHANGES = [
    (
        "WHERE id = agreement AND state <> 'draft')",
        "WHERE id = agreement AND (state <> 'draft' OR signing_by_id IS NOT NULL))",
    ),
]


def _body(name: str, changes: list[tuple[str, str]]) -> str:
    """A function of 0002 as it was, with these changes."""
    start = _RULES.RULES.index(f"CREATE FUNCTION {name}()")
    body = _RULES.RULES[start : _RULES.RULES.index("END $$;", start) + len("END $$;\n")]
    for before, after in changes:
        if body.count(before) != 1:
            raise ValueError(before)
        body = body.replace(before, after)
    return body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _rules(agreement: list[tuple[str, str]], item: list[tuple[str, str]]) -> str:
    return _body("partnerships_guard_agreement", agreement) + _body("partnerships_guard_item", item)


BEGINS = """
CREATE TRIGGER begins BEFORE INSERT ON partnerships_agreement
    FOR EACH ROW EXECUTE FUNCTION partnerships_guard_agreement();
"""


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, null=True, related_name="+", verbose_name=label
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0004_promise_in_the_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("agreement", "signing_by", _person("ثبت‌کنندهٔ امضا")),
        migrations.AddField("agreement", "signing_at", models.DateTimeField("ثبت امضا", null=True)),
        migrations.AddField("agreement", "signed_by", _person("تأییدکنندهٔ امضا")),
        migrations.AddField("agreement", "signed_at", models.DateTimeField("تأیید امضا", null=True)),
        migrations.AddConstraint(
            "agreement",
            models.CheckConstraint(name="signing_four_eyes", condition=~Q(signed_by=F("signing_by"))),
        ),
        migrations.AddConstraint(
            "agreement",
            models.CheckConstraint(
                name="a_draft_is_not_signed", condition=~Q(state="draft") | Q(signed_by=None, signed_at=None)
            ),
        ),
        migrations.AddConstraint(
            "agreement",
            models.CheckConstraint(
                name="signing_says_who_and_when",
                condition=Q(signing_by=None, signing_at=None, signed_by=None, signed_at=None)
                | Q(signing_by__isnull=False, signing_at__isnull=False, signed_on__isnull=False),
            ),
        ),
        migrations.RunSQL(
            _rules(AGREEMENT_CHANGES, ITEM_CHANGES) + BEGINS,
            "DROP TRIGGER begins ON partnerships_agreement;" + _rules([], []),
        ),
    ]
