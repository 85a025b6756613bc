"""Prints the six digits that a demo user's authenticator shows now, and nothing else."""

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from provinces.services.demo_people import current_code


class Command(BaseCommand):
    help = "The current second-factor code of a demo user. Refuses outside the demo."

    def add_arguments(self, parser) -> None:
        parser.add_argument("user", help="user name, as demo_accounts prints it")

    def handle(self, *args, **options) -> None:
        try:
            self.stdout.write(current_code(options["user"]))
        except DomainError as error:
            raise CommandError(error.code) from error
