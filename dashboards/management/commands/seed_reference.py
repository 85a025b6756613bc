from django.core.management.base import BaseCommand
from django.db import transaction

from aid.services.seeding import seed_goods
from campaigns.services.seeding import seed_campaigns
from cases.services.seeding import seed_care
from dashboards.services.seeding import seed_told_figures
from ledger.accounts import seed_accounts
from partnerships.services.seeding import seed_agreements
from payments.services.seeding import seed_denominations, seed_gateways
from payments.services.statement_seeding import seed_profiles
from provinces.scoping import all_provinces
from provinces.services.seeding import seed_places


class Command(BaseCommand):
    help = "Load the reference data every portal needs. Repeatable; never deletes."

    @all_provinces("seeding reference data")
    @transaction.atomic
    def handle(self, *args, **options):
        counts = seed_places()
        seed_accounts()
        counts |= seed_care() | seed_campaigns() | seed_gateways() | seed_denominations() | seed_profiles()
        counts |= seed_goods() | seed_agreements() | seed_told_figures()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
