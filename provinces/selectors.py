"""Reading places. Provinces and counties are public facts and carry no scope."""

from core.errors import DomainError
from provinces.enums import OfficeLevel
from provinces.models import County, Office, Province


def provinces_in_order() -> list[Province]:
    """All provinces in Persian order."""
    return list(Province.objects.all())


def find_province(code_or_slug: str) -> Province:
    """A province by its two-digit code or its slug; DomainError("unknown_province") otherwise."""
    field = "code" if code_or_slug.isdigit() else "slug"
    province = Province.objects.filter(**{field: code_or_slug}).first()
    if province is None:
        raise DomainError("unknown_province", field="province")
    return province


def find_county(code: str, province: Province | None) -> County:
    """An active county by code, which must lie in `province`; DomainError("unknown_county") otherwise."""
    county = County.objects.filter(code=code, is_active=True).first()
    if county is None or (province is not None and county.province_id != province.code):
        raise DomainError("unknown_county", field="county")
    return county


def counties_of(province: Province) -> list[County]:
    """The active counties of a province in Persian order."""
    return list(County.objects.filter(province=province, is_active=True))


def headquarters() -> Office:
    """The office of headquarters (made by seed_reference)."""
    return Office.objects.get(level=OfficeLevel.HQ)


def general_offices() -> list[Office]:
    """Every province's general office, in the provinces' order."""
    return list(
        Office.objects.filter(level=OfficeLevel.PROVINCE)
        .select_related("province")
        .order_by("province__sort_key")
    )
