"""Prints who can sign in to the demo."""

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from provinces import phrases
from provinces.services.demo_people import demo_password, demo_people, refuse_outside_demo

LINE = "{:<22} {:<22} {}"


class Command(BaseCommand):
    help = "User names, roles, offices and the password of the demo. Refuses outside the demo."

    def handle(self, *args, **options) -> None:
        try:
            refuse_outside_demo()
        except DomainError as error:
            raise CommandError("there are demo accounts in the demo only") from error
        for user, membership in demo_people():
            role = membership.get_role_display()
            if membership.is_acting:
                role = f"{role} ({phrases.ACTING})"
            self.stdout.write(LINE.format(user.username, role, membership.office.name))
        self.stdout.write(f"password: {demo_password()}    second factor: ./run manage demo_code USER")
