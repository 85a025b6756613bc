from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboards.volume import seed_gifts
from provinces.scoping import all_provinces


class Command(BaseCommand):
    help = "Add many demo gifts at once (paid, booked, receipted), to see how the portal bears them."

    def add_arguments(self, parser):
        parser.add_argument("--donations", type=int, default=0)

    @all_provinces("seeding volume")
    def handle(self, *args, donations, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("seed_volume runs in a demo only (PORTAL_DEMO=1)")
        if donations:
            seed_gifts(donations, self.stdout.write)
