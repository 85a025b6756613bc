"""What this room does in the background."""

from celery import shared_task

from core.outbox import consumer
from provinces.scoping import all_provinces
from volunteers.services import groups, guardians, leaving, places, registries, surges

ROUNDS = 50


@shared_task(name="volunteers.forget_drafts")
def forget_drafts() -> int:
    return leaving.forget_drafts()


@shared_task(name="volunteers.remind")
@all_provinces("reminding volunteers of their shifts")
def remind() -> int:
    """Remind those who come within a day."""
    return sum(_rounds(places.remind, places.AT_ONCE))


@shared_task(name="volunteers.ask_silent_groups")
@all_provinces("asking groups that are long silent")
def ask_silent_groups() -> int:
    """Ask the leaders of silent groups."""
    return sum(_rounds(lambda: sum(groups.ask_silent_groups().values()), groups.AT_ONCE))


@shared_task(name="volunteers.come_of_age")
@all_provinces("volunteers who are of age by now")
def come_of_age() -> int:
    """Those who are of age need no guardian any more."""
    return guardians.come_of_age()


@consumer("volunteers.prioritise")
@all_provinces("putting wanted professions in front")
def prioritise(surge_id: int) -> None:
    surges.prioritise(surge_id)


@consumer("volunteers.read_registry")
@all_provinces("reading an old registry of volunteers")
def read_registry(registry_id: int) -> None:
    registries.read_registry(registry_id)


@consumer("volunteers.apply_registry")
@all_provinces("taking in an old registry of volunteers")
def apply_registry(registry_id: int) -> None:
    registries.apply_registry(registry_id)


@shared_task(name="volunteers.forget_registries")
@all_provinces("forgetting old registries of volunteers")
def forget_registries() -> int:
    """Drop the lines and files of registries that were taken in long ago."""
    return registries.forget_registries()


def _rounds(part, most: int):
    """Parts until one is not full, but not for ever."""
    for _ in range(ROUNDS):
        yield (done := part())
        if done < most:
            return
