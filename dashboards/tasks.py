"""What dashboards does in the background."""

from celery import shared_task

from dashboards import rollups


@shared_task(name="dashboards.fold")
def fold() -> int:
    return rollups.fold_all()
