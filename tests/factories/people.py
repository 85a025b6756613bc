"""Staff: a person in a role, and a browser in which they are signed in."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP

from core.jalali import tehran_today
from core.models import User
from provinces.enums import ROLES_BY_LEVEL, OfficeLevel, Role
from provinces.models import County, Membership, Office, SecondFactor
from provinces.scoping import all_provinces

TEHRAN, KHUZESTAN, ILAM = "23", "06", "16"
TEHRAN_COUNTY = "2301"
PASSWORD = "a long and unusual pass phrase"

_numbers = itertools.count(1)


def office_for(role: Role, province: str = TEHRAN, county: str = "") -> Office:
    """The office in which somebody of this role works."""
    with all_provinces("test"):
        if role in ROLES_BY_LEVEL[OfficeLevel.HQ]:
            return Office.objects.get(level=OfficeLevel.HQ)
        if role != Role.COUNTY_OFFICER:
            return Office.objects.get(level=OfficeLevel.PROVINCE, province=province)
        place = County.objects.filter(province=province).order_by("code")
        where = place.get(code=county) if county else place.first()
        facts = {"level": OfficeLevel.COUNTY, "province_id": province, "county": where}
        return Office.objects.get_or_create(**facts, defaults={"name": f"office of {where.code}"})[0]


def person(
    role: Role | None = None,
    province: str = TEHRAN,
    county: str = "",
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_acting: bool = False,
    second_factor: bool = True,
) -> User:
    """Somebody with a password, a confirmed second factor and (with a role) a membership since a year ago."""
    user = User.objects.create_user(f"person{next(_numbers)}", password=PASSWORD)
    if second_factor:
        SecondFactor.objects.create(user=user, name="test", confirmed=True)
    if role:
        with all_provinces("test"):
            Membership.objects.create(
                user=user,
                office=office_for(role, province, county),
                role=role,
                starts_on=starts_on or tehran_today() - timedelta(days=365),
                ends_on=ends_on,
                is_acting=is_acting,
            )
    return user


def browser_of(user: User | None, *, second_factor: bool = True) -> Client:
    """A browser in which somebody is signed in, with or without the second factor; a stranger's for None."""
    browser = Client()
    if user is None:
        return browser
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if second_factor:
        session = browser.session
        session[DEVICE_ID_SESSION_KEY] = SecondFactor.objects.get(user=user).persistent_id
        session.save()
    return browser


def code_of(user: User, steps: int = 0) -> str:
    """What the person's authenticator shows now, or so many half minutes from now."""
    device = SecondFactor.objects.get(user=user, confirmed=True)
    totp = TOTP(device.bin_key, device.step, device.t0 - steps * device.step, device.digits, device.drift)
    return f"{totp.token():06d}"
