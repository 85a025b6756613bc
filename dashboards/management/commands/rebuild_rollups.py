from django.core.management.base import BaseCommand

from dashboards.models import Rollup
from dashboards.rollups import fold_all, rebuild


class Command(BaseCommand):
    help = (
        "Make the rollups anew from the books. Pages show the old figures until it is done; giving goes on."
    )

    def handle(self, *args, **options):
        rebuild()
        folded = fold_all()
        self.stdout.write(f"{Rollup.objects.count()} rows rebuilt, then {folded} entries folded")
