"""Makes the first administrator of a new portal: whoever may run commands on the server may do this."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from provinces.enums import Role
from provinces.scoping import all_provinces
from provinces.selectors import headquarters
from provinces.services.people import add_member, confirm_second_factor, start_second_factor

JOB = "add_administrator"


class Command(BaseCommand):
    help = "Add an administrator with a second factor. Asks for the password and for a code to confirm with."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")

    @all_provinces("adding an administrator")
    def handle(self, *args, **options) -> None:
        password = getpass("Password: ")
        try:
            with transaction.atomic():
                user = User(username=options["username"])
                validate_password(password, user)
                user.set_password(password)
                user.full_clean()
                user.save()
                add_member(user, headquarters(), Role.ADMINISTRATOR, tehran_today(), actor=None, job=JOB)
                device = start_second_factor(user, actor=None, job=JOB)
                self.stdout.write(f"Add this to an authenticator:\n{device.config_url}")
                confirm_second_factor(user, input("Code: ").strip(), actor=None, job=JOB)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(error.code) from error
        self.stdout.write("Done.")
