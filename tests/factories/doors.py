"""Coming in by SMS code, as a person does it."""

from __future__ import annotations

import re

from core.models import OutgoingSms


def newest_code() -> str:
    """The code of the newest message."""
    text = OutgoingSms.objects.filter(purpose="code").order_by("-pk").first().text
    return re.search(r"\d{6}", text)[0]


def come_in(client, mobile: str, room: str = "/me/") -> None:
    """Ask for a code and enter it; the client then holds the room's cookie."""
    asked = client.post(f"{room}sign-in/", {"mobile": mobile})
    assert asked.status_code == 303, asked.content.decode()
    entered = client.post(asked["Location"], {"code": newest_code()})
    assert entered.status_code == 303, entered.content.decode()
