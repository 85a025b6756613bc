"""The door of the staff, and the people behind it."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    ADMINISTRATOR,
    ENDED,
    HQ_MANAGER,
    LEADS,
    PASSWORD_ONLY,
    STRANGER,
    Address,
    desk,
    everyone,
    public,
    signed_in,
    staff,
)

DOOR: list[Address] = [
    Address("login", everyone(302) | {STRANGER: 200, PASSWORD_ONLY: 200}, everyone(200)),
    Address("logout", everyone(405), everyone(302)),
    Address("staff-home", signed_in(302) | {ENDED: 403}),
    Address("staff-find", everyone(405), signed_in(303)),
    Address("staff-reminders", signed_in(200), signed_in(200)),
    Address("staff-password", signed_in(200), signed_in(200)),
    Address("staff-sessions", signed_in(200), signed_in(302)),
    Address("staff-recovery", signed_in(200), signed_in(200)),
    public("staff-invitation", lambda w: {"token": w.rows["token of the invitation"]}, post=422),
    public("staff-factor", lambda w: {"token": w.rows["token of the reset"]}, post=422),
]

PEOPLE: list[Address] = [
    desk("people", LEADS),
    desk("people-invite", LEADS, LEADS),
    desk("person", LEADS, LEADS, lambda w: {"membership_id": w.rows["provinces.membership"].pk}),
    Address(
        "invitation-withdraw",
        staff(*LEADS, status=405),
        staff(*LEADS, status=302),
        lambda w: {"invitation_id": w.rows["provinces.invitation to withdraw"].pk},
    ),
    Address(
        "hand-over-seen",
        staff(*LEADS, status=405),
        staff(*LEADS, status=302),
        lambda w: {"hand_over_id": w.rows["provinces.handover"].pk},
    ),
    desk("hq-people", (HQ_MANAGER, ADMINISTRATOR)),
    Address(
        "reset-decide",
        staff(ADMINISTRATOR, status=405),
        staff(ADMINISTRATOR, status=302),
        lambda w: {"reset_id": w.rows["provinces.factorreset"].pk},
    ),
]
