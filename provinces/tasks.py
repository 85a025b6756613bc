"""What provinces does in the background."""

from celery import shared_task

from provinces.services.hand_over import hand_over_ended
from provinces.services.sessions import forget_sessions


@shared_task(name="provinces.hand_over_ended")
def hand_over_what_ended() -> int:
    """What people whose membership ended had open goes to their colleague, or to the queue."""
    return hand_over_ended()


@shared_task(name="provinces.forget_sessions")
def forget_old_sessions() -> int:
    return forget_sessions()
