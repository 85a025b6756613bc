from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboards.volume import seed_gifts
from dashboards.volume_people import seed_volunteers
from provinces.scoping import all_provinces


class Command(BaseCommand):
    help = "Add many demo gifts (paid, booked, receipted) and volunteers at once, to see how the portal bears them."

    def add_arguments(self, parser):
        parser.add_argument("--donations", type=int, default=0)
        parser.add_argument("--volunteers", type=int, default=0)

    @all_provinces("seeding volume")
    def handle(self, *args, donations, volunteers, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("seed_volume runs in a demo only (PORTAL_DEMO=1)")
        if donations:
            seed_gifts(donations, self.stdout.write)
        if volunteers:
            seed_volunteers(volunteers, self.stdout.write)
