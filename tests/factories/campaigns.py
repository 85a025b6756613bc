"""Branches and editions on their way, pictures to send, and rows put back as no service would."""

from __future__ import annotations

from io import BytesIO

from django.db import connection
from django.db.models import QuerySet
from PIL import Image

from campaigns.models import Branch, Edition
from campaigns.services.branches import (
    Asked,
    accept_branch_edit,
    approve_branch,
    ask_for,
    create_branch,
    open_branch,
    propose_branch,
    tell_story,
)
from core.models import User
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import all_provinces
from tests.factories.people import TEHRAN, person

OPEN_WITHOUT_BRANCHES = {"campaign__slug": "mosbat-mah", "year": 1405}
STORY = "برای خانواده‌های استان، هر هفته یک بستهٔ خوراک."


def draft_branch(province: str = TEHRAN, *, actor: User | None = None, goal_rial: int = 50_000_000) -> Branch:
    """A branch with goal and story that nobody has sent for approval."""
    with all_provinces("test"):
        actor = actor or person(Role.PROVINCIAL_EXPERT, province)
        edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
        branch = create_branch(edition, Province.objects.get(code=province), actor=actor)
        ask_for(branch.pk, Asked(goal_rial), actor=actor)
        return tell_story(branch.pk, STORY, actor=actor)


def waiting_branch(province: str = TEHRAN, *, actor: User | None = None) -> Branch:
    """One that waits for the provincial manager."""
    with all_provinces("test"):
        actor = actor or person(Role.PROVINCIAL_EXPERT, province)
        return propose_branch(draft_branch(province, actor=actor).pk, actor=actor)


def approved_branch(province: str = TEHRAN) -> Branch:
    with all_provinces("test"):
        return approve_branch(waiting_branch(province).pk, actor=person(Role.PROVINCIAL_MANAGER, province))


def published_branch(province: str = TEHRAN) -> Branch:
    with all_provinces("test"):
        return open_branch(approved_branch(province).pk, actor=person(Role.PROVINCIAL_EXPERT, province))


def accepted(branch: Branch) -> Branch:
    """What somebody wished to change of an approved branch, with another person's yes."""
    with all_provinces("test"):
        return accept_branch_edit(branch.pk, actor=person(Role.PROVINCIAL_MANAGER, branch.province_id))


def put_back(rows: QuerySet, **facts) -> int:
    """Rows as they would stand had their history been another: past the database's own rules."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            return rows.update(**facts)
        finally:
            cursor.execute("SET session_replication_role = origin")


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (1200, 800), **options) -> bytes:
    """A picture with shapes in it."""
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
