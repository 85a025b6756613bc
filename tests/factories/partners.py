"""A payment app with its keys, and requests as it would sign and send them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from campaigns.models import Channel
from core.jalali import tehran_today
from payments.enums import KeyMode
from payments.models import Partner
from payments.services.partner_access import sign
from payments.services.partner_keys import NewKey, add_partner, make_key

ADDRESS = "/api/v1/partner/transactions/"
_numbers = itertools.count(1)


def a_partner(key: str = "app1", **facts: Any) -> Partner:
    """A partner of the whole country, paid through the channel of an app."""
    channel = facts.pop("channel", None) or Channel.objects.get(code="app_ap")
    known = {"name": "برنامهٔ پرداخت", "source_key": f"{key}_daily", "channel": channel}
    return add_partner(key=key, job="test", **(known | facts))


def a_key(partner: Partner, mode: KeyMode = KeyMode.LIVE, **days: Any) -> NewKey:
    return make_key(partner, mode=mode, job="test", **({"valid_from": tehran_today()} | days))


def a_line(txn_id: str = "T-1", **said: Any) -> dict[str, Any]:
    """A gift of 50,000 toman to the general fund of Tehran, paid a minute ago. None takes a field away."""
    line = {
        "partner_txn_id": txn_id,
        "amount_rial": 500_000,
        "fund": "general",
        "province": "23",
        "paid_at": PAID_AT,
        "rrn": f"0{txn_id.encode().hex()[-11:]}",
    }
    return {name: value for name, value in (line | said).items() if value is not None}


PAID_AT = (timezone.now() - timedelta(minutes=1)).isoformat(timespec="seconds")


def batch(txn_ids: Iterable[str], **said: Any) -> list[dict[str, Any]]:
    return [a_line(txn_id, **said) for txn_id in txn_ids]


def moment(shift: float = 0) -> str:
    """A timestamp of its own for each request, so that two equal requests are signed differently."""
    return f"{int(time.time() + shift)}.{next(_numbers) % 10**6:06d}"


def headers_for(key: NewKey, signed: bytes, timestamp: str) -> dict[str, str]:
    return {
        "X-Partner-Key": key.key.key_id,
        "X-Timestamp": timestamp,
        "X-Signature": sign(key.secret, timestamp, signed),
    }


def send(key: NewKey, said: Any, *, timestamp: str = "", **changed: str):
    """POST what is said (JSON, or bytes as they are), signed; `changed` replaces or, with "", drops headers."""
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    headers = headers_for(key, body, timestamp or moment())
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {name: value for name, value in headers.items() if value}
    return Client().post(ADDRESS, body, content_type="application/json", headers=headers)


def report(key: NewKey, said: Any) -> list[dict[str, Any]]:
    """The verdicts of a report that is let in."""
    answer = send(key, said)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def verdicts(key: NewKey, said: Any) -> list[str]:
    return [result["verdict"] for result in report(key, said)]


def ask(key: NewKey, txn_id: str, **changed: str):
    """GET the state of a transaction, signed."""
    path = f"{ADDRESS}{txn_id}/"
    return Client().get(path, headers=headers_for(key, path.encode(), moment()) | changed)
