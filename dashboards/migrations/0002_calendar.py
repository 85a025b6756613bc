"""The Jalali calendar from 1395 to 1450 as rows, and the one row that says when figures were last folded."""

from datetime import timedelta

from django.db import migrations

FIRST_YEAR, LAST_YEAR = 1395, 1450


def fill(apps, schema_editor):
    from core.jalali import month_start, year_bounds, year_start

    CalendarDay = apps.get_model("dashboards", "CalendarDay")
    first, last = year_bounds(FIRST_YEAR)[0], year_bounds(LAST_YEAR)[1]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, month_starts_on=month_start(day), year_starts_on=year_start(day)) for day in days],
        batch_size=5000,
    )
    apps.get_model("dashboards", "FoldState").objects.create(id=1)


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
