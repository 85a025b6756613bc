"""What was given to a need that was withdrawn goes to its like, as the surplus of one that has what it wanted."""

from importlib import import_module

from django.db import migrations

BEFORE = "own.state IN ('funded', 'closed')"
AFTER = "own.state IN ('funded', 'closed', 'withdrawn')"


def firewall(said: str) -> str:
    rules = import_module("aid.migrations.0002_allocation_rules").FIREWALL
    body = rules.split("CREATE TRIGGER", 1)[0]
    return body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(BEFORE, said)


class Migration(migrations.Migration):
    dependencies = [("aid", "0005_stock_rules")]
    operations = [migrations.RunSQL(firewall(AFTER), firewall(BEFORE))]
