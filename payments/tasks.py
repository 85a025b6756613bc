"""What payments does in the background. Every task may be repeated and may run in many workers at once."""

from time import sleep

from celery import shared_task

from core import outbox
from core.outbox import consumer
from payments.services import (
    callbacks,
    counter_messages,
    imports,
    inbox,
    matching,
    partner_access,
    proposals,
    reconciliation,
    refunds,
    stuck,
    unclaimed,
    verification,
)
from provinces.scoping import all_provinces

ROUNDS = 100  # a busy inbox is emptied in one go, but not for ever
GATHER_SECONDS = 0.15  # more may come, and is cheaper together: nine cost half of three
_DRAIN = "payments.drain_callbacks"


@shared_task(name=_DRAIN)
@all_provinces("verifying callbacks")
def drain_callbacks() -> int:
    """Verify what the callbacks point at, until the inbox is empty. A lone callback is taken at once; while they keep
    coming they are taken several at a time, and only more than one worker can do wakes another."""
    done = 0
    for _ in range(ROUNDS):
        taken = callbacks.drain()
        done += taken
        if taken == callbacks.AT_ONCE:
            outbox.heard(_DRAIN)
        elif taken:
            outbox.at_work(_DRAIN)
            sleep(GATHER_SECONDS)
        elif not outbox.heard(_DRAIN):
            break
    return done


@shared_task(name="payments.sweep_attempts")
@all_provinces("asking the banks")
def sweep_attempts() -> int:
    """Ask about every attempt whose time has come."""
    return verification.sweep()


@shared_task(name="payments.open_stuck_cases")
@all_provinces("finding stuck attempts")
def open_stuck_cases() -> int:
    """Ask for a case for each attempt that nobody decided in time."""
    return stuck.open_cases()


@shared_task(name="payments.send_refunds")
@all_provinces("reversing at the banks")
def send_refunds() -> int:
    """Ask the banks to reverse what two people approved."""
    return refunds.send_due()


@shared_task(name="payments.expire_proposals")
@all_provinces("ending proposals nobody decided")
def expire_proposals() -> int:
    """End the proposals of changes to terminals whose time is over."""
    return proposals.expire_proposals()


@shared_task(name="payments.ask_about_unclaimed")
@all_provinces("reading the gateways' lists of unclaimed payments")
def ask_about_unclaimed() -> int:
    return unclaimed.ask_about_unclaimed()


@shared_task(name="payments.forget_partner_traces")
@all_provinces("forgetting partners' calls")
def forget_partner_traces() -> int:
    return partner_access.forget_traces()


@consumer("payments.tell_counter_donor")
@all_provinces("telling a donor of the counter")
def tell_counter_donor(gift_id: int, what: str) -> None:
    counter_messages.tell_counter_donor(gift_id, what)


@shared_task(name="payments.sweep_inbox")
@all_provinces("taking statement files from the watched folder")
def sweep_inbox() -> int:
    return inbox.sweep_inbox()


@consumer("payments.read_import")
@all_provinces("reading a statement file")
def read_import(import_id: int) -> None:
    imports.read_import(import_id)


@consumer("payments.match_import")
@all_provinces("matching a statement file")
def match_import(import_id: int) -> None:
    matching.match_import(import_id)


@shared_task(name="payments.reconcile")
@all_provinces("reconciling")
def reconcile() -> int:
    """Match what is open, look for what is missing, renew the summary of the last days."""
    return len(reconciliation.reconcile())
