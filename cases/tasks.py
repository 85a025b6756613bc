"""What cases does in the background."""

from cases.services import cases
from core.outbox import consumer
from provinces.scoping import all_provinces


@consumer("cases.open_case")
@all_provinces("opening a case")
def open_case(kind: str, subject: str, province: str = "", **facts: object) -> None:
    cases.open_case(kind, subject, province, **facts)
