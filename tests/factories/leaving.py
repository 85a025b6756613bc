"""Colleagues who come and go: invited, ended with open work, without their authenticator."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from core.crypto import keyed_hash
from core.jalali import tehran_today
from core.models import User
from provinces.enums import Role
from provinces.models import HandOver, Invitation, Membership, StaffSession
from provinces.scoping import all_provinces
from provinces.services.factor_resets import decide_reset, request_reset
from provinces.services.invitations import Post, invite
from tests.factories.people import office_for, person

_numbers = itertools.count(1)


def a_mobile() -> str:
    return f"+98912555{next(_numbers):04d}"


def with_mobile(user: User) -> User:
    """The person, to whom an SMS can be sent."""
    user.mobile = a_mobile()
    user.mobile_hash = keyed_hash(user.mobile, "mobile")
    user.save(update_fields=["mobile", "mobile_hash"])
    return user


def an_invitation(
    role: Role = Role.PROVINCIAL_EXPERT,
    province: str = "23",
    county: str = "",
    *,
    actor: User | None = None,
    **facts: Any,
) -> tuple[Invitation, str]:
    """An invitation that waits, and the token of its link."""
    post = Post(office_for(role, province, county), role, tehran_today(), **facts)
    with all_provinces("test"):
        return invite(
            name="همکار تازه", mobile=a_mobile(), post=post, actor=actor or person(Role.ADMINISTRATOR)
        )


def membership_of(user: User) -> Membership:
    with all_provinces("test"):
        return Membership.objects.select_related("office", "user").get(user=user)


def people_rows(province: str, county: str = "") -> dict[str, Any]:
    """A row of everything about people, of a place."""
    role = Role.COUNTY_OFFICER if county else Role.PROVINCIAL_EXPERT
    yesterday = tehran_today() - timedelta(days=1)
    left = membership_of(person(role, province, county, ends_on=yesterday))
    stays = with_mobile(person(role, province, county))
    other = with_mobile(person(role, province, county))
    asked = request_reset(other, reason="گوشی گم شد", actor=person(Role.ADMINISTRATOR))
    agreed = request_reset(stays, reason="گوشی گم شد", actor=person(Role.PROVINCIAL_MANAGER, province))
    _, reset_token = decide_reset(agreed.pk, approve=True, actor=person(Role.ADMINISTRATOR))
    invitation, token = an_invitation(role, province, county)
    second, _ = an_invitation(role, province, county)
    StaffSession.objects.create(user=stays, session_key=f"key of {province}{stays.pk}"[:40])
    return {
        "provinces.membership": membership_of(stays),
        "provinces.invitation": invitation,
        "provinces.invitation to withdraw": second,
        "provinces.handover": HandOver.objects.create(membership=left, counts={"case": 1}),
        "provinces.factorreset": asked,
        "token of the invitation": token,
        "token of the reset": reset_token,
    }
