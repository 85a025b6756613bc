"""Reading what the admin shows and what it leaves in the audit trail."""

from core.models import AuditEntry


def page(browser, address: str, **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def entries(action: str = "") -> list[AuditEntry]:
    found = AuditEntry.objects.exclude(job="seed_reference").order_by("pk")
    return list(found.filter(action=action) if action else found)
