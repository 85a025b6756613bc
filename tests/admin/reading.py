"""Reading what the admin shows and what it leaves in the audit trail."""

from core.models import AuditEntry


def page(browser, address: str, **query) -> str:
    """What is seen there; of a search by a number, behind the address that holds its key instead."""
    answer = browser.get(address, query, follow="q" in query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def entries(action: str = "") -> list[AuditEntry]:
    found = AuditEntry.objects.exclude(job="seed_reference").order_by("pk")
    return list(found.filter(action=action) if action else found)
