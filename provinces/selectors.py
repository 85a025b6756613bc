"""Reading places. Provinces and counties are public facts and carry no scope."""

from datetime import date

from core.errors import DomainError
from core.models import User
from core.reference import remembered
from core.text import search_key
from provinces.enums import OfficeLevel, ReminderPace
from provinces.models import County, Neighbourhood, Office, Province, StaffContact


def provinces_in_order() -> list[Province]:
    """All provinces in Persian order."""
    return list(_provinces())


@remembered(Province)
def _provinces() -> tuple[Province, ...]:
    return tuple(Province.objects.all())


def find_province(code_or_slug: str) -> Province:
    """A province by its two-digit code or its slug; DomainError("unknown_province") otherwise."""
    province = next((p for p in _provinces() if code_or_slug in (p.code, p.slug)), None)
    if province is None:
        raise DomainError("unknown_province", field="province")
    return province


def find_county(code: str, province: Province | None) -> County:
    """An active county by code, which must lie in `province`; DomainError("unknown_county") otherwise."""
    county = _active_county(code)
    if county is None or (province is not None and county.province_id != province.code):
        raise DomainError("unknown_county", field="county")
    return county


@remembered(County)
def _active_county(code: str) -> County | None:
    return County.objects.filter(code=code, is_active=True).first()


def counties_of(province: Province) -> list[County]:
    """The active counties of a province in Persian order."""
    return list(_active_counties(province.code))


@remembered(County)
def _active_counties(province: str) -> tuple[County, ...]:
    return tuple(County.objects.filter(province=province, is_active=True))


@remembered(Province, County)
def counties_by_province() -> tuple[tuple[Province, tuple[County, ...]], ...]:
    """Every province with its active counties, both in Persian order; two queries."""
    counties: dict[str, list[County]] = {}
    for county in County.objects.filter(is_active=True):
        counties.setdefault(county.province_id, []).append(county)
    return tuple((province, tuple(counties.get(province.code, ()))) for province in Province.objects.all())


def find_neighbourhood(county: str, typed: str) -> Neighbourhood | None:
    """The neighbourhood of a county's register that was meant, however it is typed; None for one that is not there."""
    key = search_key(typed)
    if not key:
        return None
    return Neighbourhood.objects.filter(county=county, search_key=key, is_active=True).first()


def headquarters() -> Office:
    """The office of headquarters (made by seed_reference)."""
    return Office.objects.get(level=OfficeLevel.HQ)


def offices_near(province: Province, county: County | None = None) -> list[Office]:
    """Where one may bring something: the county's own office where there is one, then the general office."""
    near = Office.objects.filter(level=OfficeLevel.PROVINCE, province=province)
    if county is not None:
        near |= Office.objects.filter(level=OfficeLevel.COUNTY, county=county)
    return list(near.order_by("level", "pk"))  # "county" comes before "province"


def contacts_to_remind(on: date) -> list[StaffContact]:
    """Those who want a message on this day and had none yet, with the memberships of their user."""
    paces = [ReminderPace.DAILY]
    if on.isoweekday() == 6:  # Saturday begins the week
        paces.append(ReminderPace.WEEKLY)
    found = StaffContact.objects.filter(user__is_active=True, reminders__in=paces).exclude(reminded_on=on)
    return [
        contact
        for contact in found.select_related("user")
        .prefetch_related("user__memberships__office")
        .order_by("pk")
        if contact.mobile
    ]


def contact_of(user: User) -> StaffContact:
    """The person's contact, unsaved and empty where there is none."""
    return StaffContact.objects.filter(user=user).first() or StaffContact(user=user)
