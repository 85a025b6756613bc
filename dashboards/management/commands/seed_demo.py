from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.services.demo_campaigns import seed_demo_campaigns
from campaigns.services.demo_channels import seed_demo_channels
from campaigns.services.demo_events import seed_demo_events
from campaigns.services.demo_needs import seed_demo_needs
from campaigns.services.demo_runbook import seed_demo_runbook
from dashboards.demo import seed_history
from dashboards.demo_aid import seed_aid
from dashboards.demo_month import seed_month
from partnerships.services.demo_promises import seed_demo_promises
from payments.services.partner_demo import seed_demo_partner
from payments.services.statement_seeding import seed_demo_sources
from provinces.scoping import all_provinces
from provinces.services.demo_people import seed_demo_people
from volunteers.services.demo_network import seed_demo_network


class Command(BaseCommand):
    help = "Add demo staff, boxes and gifts of two years to a demo portal. Repeatable; calls no bank."

    @all_provinces("seeding the demo")
    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("seed_demo runs in a demo only (PORTAL_DEMO=1)")
        people = {person.username: person for person in seed_demo_people()}
        seed_demo_channels(people["hq.accountant"], people["hq.manager"])
        seed_demo_campaigns(people["hq.analyst"], people["hq.manager"])
        seed_demo_partner()
        seed_demo_sources()
        seed_demo_needs(people["tehran.officer"], people["hq.manager"])
        seed_demo_runbook(people["hq.manager"])
        seed_demo_events(people["hq.manager"])
        seed_demo_network(people["tehran.officer"], people["hq.manager"])
        seed_demo_promises(people)
        seed_history(self.stdout.write)
        seed_month(people, self.stdout.write)
        seed_aid(people, self.stdout.write)
