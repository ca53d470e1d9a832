"""Fill the calendar with the years the package knows; the others stay provisional until somebody confirms them."""

from django.db import migrations

from officehub.workdays.seed import SOURCE, days_of, known_years


def seed(apps, schema_editor):
    day = apps.get_model("workdays", "CalendarDay")
    rows = [
        day(date=date, is_workday=worked, name=name, source=SOURCE, confirmed=True)
        for year in known_years()
        for date, worked, name in days_of(year)
    ]
    day.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
