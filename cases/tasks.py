"""What cases does in the background."""

from celery import shared_task

from cases.services import care, cases
from core.outbox import consumer
from provinces.scoping import all_provinces


@consumer("cases.open_case")
@all_provinces("opening a case")
def open_case(kind: str, subject: str, province: str = "", **facts: object) -> None:
    cases.open_case(kind, subject, province, **facts)


@consumer("cases.give_case")
@all_provinces("giving cases an owner")
def give_case(subject: str, actor_id: int) -> None:
    cases.give_cases(subject, actor_id)


@consumer("cases.close_decided")
@all_provinces("closing cases that were decided elsewhere")
def close_decided(subject: str, actor_id: int, resolution: str) -> None:
    cases.close_decided(subject, actor_id, resolution)


@consumer("cases.close_settled")
@all_provinces("closing cases that settled")
def close_settled(kind: str, subject: str, resolution: str = "", actor_id: int | None = None) -> None:
    cases.close_settled(kind, subject, resolution, actor_id)


@shared_task(name="cases.escalate_care")
def escalate_care() -> int:
    """Hand late matters of donors upwards."""
    return care.escalate_late()
