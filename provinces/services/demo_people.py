"""One person of each role, so that a demo can be walked through. Never outside the demo."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django_otp.oath import TOTP

from core.errors import DomainError
from core.models import User
from provinces import phrases
from provinces.enums import OfficeLevel, Role
from provinces.models import County, Membership, Office, SecondFactor
from provinces.scoping import all_provinces
from provinces.services.people import add_member

PASSWORD = "behzisti-demo-1405"  # noqa: S105  printed by the demo; nothing outside it accepts it
JOB = "seed_demo"
_SINCE = date(2024, 3, 20)  # 1 Farvardin 1403
_TEHRAN, _KHUZESTAN, _ILAM, _TEHRAN_COUNTY = "23", "06", "16", "2301"


@dataclass(frozen=True)
class DemoPerson:
    """Who can sign in to the demo: a role in an office, with no invented name."""

    username: str
    role: Role
    province: str = ""
    county: str = ""
    is_acting: bool = False


PEOPLE = (
    DemoPerson("tehran.officer", Role.COUNTY_OFFICER, _TEHRAN, _TEHRAN_COUNTY),
    DemoPerson("tehran.expert", Role.PROVINCIAL_EXPERT, _TEHRAN),
    DemoPerson("tehran.manager", Role.PROVINCIAL_MANAGER, _TEHRAN),
    DemoPerson("tehran.accountant", Role.PROVINCIAL_ACCOUNTANT, _TEHRAN),
    DemoPerson("khuzestan.expert", Role.PROVINCIAL_EXPERT, _KHUZESTAN),
    DemoPerson("khuzestan.manager", Role.PROVINCIAL_MANAGER, _KHUZESTAN),
    DemoPerson("khuzestan.accountant", Role.PROVINCIAL_ACCOUNTANT, _KHUZESTAN),
    DemoPerson("ilam.manager", Role.PROVINCIAL_MANAGER, _ILAM, is_acting=True),
    DemoPerson("hq.analyst", Role.HQ_ANALYST),
    DemoPerson("hq.manager", Role.HQ_MANAGER),
    DemoPerson("hq.accountant", Role.HQ_ACCOUNTANT),
    DemoPerson("admin", Role.ADMINISTRATOR),
    DemoPerson("admin.second", Role.ADMINISTRATOR),  # changes of accounts need two
)


def demo_password() -> str:
    """DEMO_PASSWORD, or the fixed one."""
    return os.environ.get("DEMO_PASSWORD") or PASSWORD


def refuse_outside_demo() -> None:
    """Raise DomainError("demo_only") where real people work."""
    if not settings.DEMO:
        raise DomainError("demo_only")


@all_provinces("making the demo's people")
@transaction.atomic
def seed_demo_people() -> list[User]:
    """Make the demo's people with their offices, memberships and second factors; refuses outside the demo.

    Repeatable: who is there keeps membership and second factor and gets the demo's password again.
    """
    refuse_outside_demo()
    return [_seed_person(person) for person in PEOPLE]


def _seed_person(person: DemoPerson) -> User:
    office = _office(person)
    user, _ = User.objects.get_or_create(username=person.username)
    user.display_name, user.is_active = _display_name(person, office), True
    if not user.check_password(demo_password()):
        user.set_password(demo_password())
    user.save()
    if not Membership.objects.filter(user=user, office=office, role=person.role).exists():
        add_member(user, office, person.role, _SINCE, is_acting=person.is_acting, actor=None, job=JOB)
    if not SecondFactor.objects.filter(user=user, confirmed=True).exists():
        SecondFactor.objects.create(user=user, name=user.username, confirmed=True)
    return user


def _office(person: DemoPerson) -> Office:
    if person.county:
        county = County.objects.get(code=person.county)
        office, _ = Office.objects.get_or_create(
            level=OfficeLevel.COUNTY,
            province_id=county.province_id,
            county=county,
            defaults={"name": phrases.COUNTY_OFFICE.format(county=county.name)},
        )
        return office
    if person.province:
        return Office.objects.get(level=OfficeLevel.PROVINCE, province_id=person.province)
    return Office.objects.get(level=OfficeLevel.HQ)


def _display_name(person: DemoPerson, office: Office) -> str:
    """«مدیر استان – تهران»: the role and the place."""
    place = office.county or office.province
    return f"{person.role.label} – {place.name}" if place else person.role.label


def demo_people() -> list[tuple[User, Membership]]:
    """The demo's people who exist, with their membership, in the order of PEOPLE."""
    with all_provinces("listing the demo's people"):
        memberships = Membership.objects.filter(user__username__in=[p.username for p in PEOPLE])
        by_name = {m.user.username: m for m in memberships.select_related("user", "office")}
    return [(by_name[p.username].user, by_name[p.username]) for p in PEOPLE if p.username in by_name]


def current_code(username: str) -> str:
    """The six digits a demo user's authenticator shows now. DomainError: demo_only, unknown_demo_user."""
    refuse_outside_demo()
    known = {person.username for person in PEOPLE}
    device = SecondFactor.objects.filter(user__username=username, confirmed=True).order_by("-pk").first()
    if username not in known or device is None:
        raise DomainError("unknown_demo_user")
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return f"{totp.token():0{device.digits}d}"
