"""What a minor ticked for their guardian counts no longer: they wait for the guardian's own word, and work ahead is given
back."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

from core.crypto import keyed_hash
from core.jalali import tehran_today, to_jalali

AGE = 18


def wait_for_guardians(apps, schema_editor):
    volunteers = apps.get_model("volunteers", "Volunteer").objects
    places = apps.get_model("volunteers", "Assignment").objects
    consents = apps.get_model("volunteers", "Consent").objects
    consents.filter(kind="guardian", withdrawn_at=None).update(withdrawn_at=timezone.now())
    today = to_jalali(tehran_today())
    for row in volunteers.filter(born_on__year__gte=tehran_today().year - AGE - 1):
        born = to_jalali(row.born_on)
        if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= AGE:
            continue
        places.filter(Q(state="invited") | Q(state="signed_up"), volunteer=row).update(state="cancelled")
        row.guardian_hash, row.guardian_state = keyed_hash(row.guardian_mobile, "mobile"), "waiting"
        row.vetting = "waiting" if row.vetting == "approved" else row.vetting
        row.save(update_fields=["guardian_hash", "guardian_state", "vetting"])


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0010_guardians")]
    operations = [migrations.RunPython(wait_for_guardians, migrations.RunPython.noop)]
