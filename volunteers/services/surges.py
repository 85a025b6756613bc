"""A call in a crisis: opened by one switch, joined in a minute, the wanted vetted first, closed with a report."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.mobile_door import leave
from core.models import MobileVisit, User
from core.outbox import after_commit
from core.text import normalise, normalise_lines
from provinces.models import Province
from provinces.scoping import check_write
from volunteers.enums import Activity, Availability
from volunteers.models import Surge, SurgeWant, Volunteer
from volunteers.services.joining import Application, join
from volunteers.skills import all_skills
from volunteers.surge_selectors import figures_of, open_surge_of, wanted_skills

MOST_WANTED = 100_000


@transaction.atomic
def open_surge(
    *, title: str, story: str = "", province: Province | None = None, wants: Mapping[str, int], actor: User
) -> Surge:
    """Open a call of a province or of the whole country: from now on people join in a minute, and whoever has a wanted
    skill, also of those who wait already, is vetted first (a worker sees to that). Audited.

    DomainError: not_found (out of scope), work_title_required, wants_required, unknown_skill, surge_is_open.
    """
    check_write(province.code if province else None)
    said = normalise(title)[:120]
    if not said:
        raise DomainError("work_title_required", field="title")
    wanted = _wanted(wants)
    try:
        with transaction.atomic():
            surge = Surge.objects.create(
                title=said, story=normalise_lines(story)[:2000], province=province, opened_by=actor
            )
    except IntegrityError:
        raise DomainError("surge_is_open", field="province", status=409) from None
    _write_wants(surge, wanted)
    _record("surge.open", surge, actor, wants=wanted)
    after_commit("volunteers.prioritise", surge_id=surge.pk)
    return surge


@transaction.atomic
def change_wants(surge_id: int, *, wants: Mapping[str, int], actor: User) -> Surge:
    """Say anew what is wanted; audited. DomainError: not_found, surge_is_closed, wants_required, unknown_skill."""
    surge = _locked(surge_id)
    wanted = _wanted(wants)
    surge.wants.all().delete()
    _write_wants(surge, wanted)
    _record("surge.change_wants", surge, actor, wants=wanted)
    after_commit("volunteers.prioritise", surge_id=surge.pk)
    return surge


@transaction.atomic
def close_surge(surge_id: int, *, report: str, actor: User) -> Surge:
    """Close a call with a report that everybody may read; its figures are taken now and stay. Audited.

    DomainError: not_found, surge_is_closed, surge_report_required.
    """
    surge = _locked(surge_id)
    said = normalise_lines(report)[:4000]
    if not said:
        raise DomainError("surge_report_required", field="report")
    surge.report, surge.closed_by, surge.closed_at = said, actor, timezone.now()
    surge.figures = figures_of(surge)
    surge.save(update_fields=["report", "closed_by", "closed_at", "figures"])
    _record("surge.close", surge, actor, joined=surge.figures["joined"])
    after_commit("volunteers.prioritise", surge_id=surge.pk)
    return surge


def quick_join(visit: MobileVisit, application: Application, *, text_version: str) -> Volunteer:
    """Join by the call that is open for one's province, with the number that `visit` proves; the visit ends with it.

    DomainError: no_open_surge, already_joined (409: `come_again` is for them), national_id_taken, too_many_tries.
    """
    surge = open_surge_of(application.province.code)
    if surge is None:
        raise DomainError("no_open_surge", status=409)
    with transaction.atomic():
        _keep_open(surge)
        joined = join(visit.mobile, application, text_version=text_version, surge=surge)
        leave(visit)
    return joined


def _keep_open(surge: Surge) -> None:
    """Refuse a call that was closed while this process remembered it; one that is open stays so until the transaction
    ends, so that the figures of its end count everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM volunteers_surge WHERE id = %s AND closed_at IS NULL FOR KEY SHARE", [surge.pk]
        )
        if cursor.fetchone() is None:
            raise DomainError("no_open_surge", status=409)


@transaction.atomic
def come_again(mobile_hash: str) -> Volunteer:
    """Somebody of the network is ready for the call that is open for their province. Safe to repeat; audited.

    DomainError: not_a_volunteer, no_open_surge.
    """
    volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
    if volunteer is None:
        raise DomainError("not_a_volunteer", status=409)
    surge = open_surge_of(volunteer.province_id)
    if surge is None:
        raise DomainError("no_open_surge", status=409)
    volunteer.surge, volunteer.activity = surge, Activity.ACTIVE
    volunteer.availability = sorted({*volunteer.availability, Availability.CRISIS})
    volunteer.is_priority = bool(set(volunteer.skills) & wanted_skills(surge))
    volunteer.save(update_fields=["surge", "activity", "availability", "is_priority"])
    audit.record(
        "surge.come_again", volunteer, job="joining", province_code=volunteer.province_id, surge=surge.pk
    )
    return volunteer


def prioritise(surge_id: int) -> int:
    """Put those who wait and have a skill that an open call of their place wants in front, and nobody else; gives how
    many rows changed. Repeatable."""
    surge = Surge.objects.get(pk=surge_id)
    place = "AND v.province_id = %s" if surge.province_id else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE volunteers_volunteer v SET is_priority = w.wanted FROM (
                    SELECT x.id, EXISTS (
                        SELECT 1 FROM volunteers_surge s JOIN volunteers_surgewant n ON n.surge_id = s.id
                         WHERE s.closed_at IS NULL AND (s.province_id IS NULL OR s.province_id = x.province_id)
                           AND n.skill = ANY(x.skills)) AS wanted
                      FROM volunteers_volunteer x WHERE x.vetting IN ('waiting', 'asked')) w
                 WHERE w.id = v.id AND v.is_priority <> w.wanted {place}""",  # noqa: S608  nothing of it is typed
            [surge.province_id] if surge.province_id else [],
        )
        return cursor.rowcount


def _wanted(wants: Mapping[str, int]) -> dict[str, int]:
    wanted = {skill: count for skill, count in wants.items() if 0 < count <= MOST_WANTED}
    if not wanted:
        raise DomainError("wants_required", field="wants")
    if set(wanted) - set(all_skills()):
        raise DomainError("unknown_skill", field="wants")
    return wanted


def _write_wants(surge: Surge, wanted: Mapping[str, int]) -> None:
    SurgeWant.objects.bulk_create(
        [SurgeWant(surge=surge, skill=skill, wanted=count) for skill, count in wanted.items()]
    )


def _locked(surge_id: int) -> Surge:
    surge = Surge.objects.select_for_update(of=("self",)).filter(pk=surge_id).first()
    if surge is None:
        raise DomainError("not_found", status=404)
    check_write(surge.province_id)
    if surge.closed_at is not None:
        raise DomainError("surge_is_closed", status=409)
    return surge


def _record(action: str, surge: Surge, actor: User, **data: object) -> None:
    audit.record(action, surge, actor=actor, province_code=surge.province_id, **data)
