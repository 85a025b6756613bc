"""Rollups made anew are the rollups that were folded one by one."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from dashboards import figures
from dashboards.models import Cube, FoldState, PlacementTotal, Rollup
from dashboards.rollups import fold_all, rebuild
from ledger import folding
from tests.dashboards.conftest import book


def _state() -> tuple[list, list, list]:
    cubes = Cube.objects.values_list(
        "cube", "grain", "starts_on", "first", "second", "flow", "kind", "total_rial", "gifts"
    )
    rollups = Rollup.objects.values_list("grain", "starts_on", "dimension_id", "kind", "total_rial", "gifts")
    places = PlacementTotal.objects.values_list("placement_id", "total_rial", "gifts")
    return sorted(rollups), sorted(places), sorted(cubes)


def test_rebuilding_gives_what_folding_gave(random_books):
    # A rollup that went through a gift and its reversal stays as a row of zeros; a rebuilt one has it too.
    folded = _state()
    out = StringIO()
    call_command("rebuild_rollups", stdout=out)
    assert _state() == folded
    assert out.getvalue() == f"{len(folded[0])} rows rebuilt, then 0 entries folded\n"


def test_rebuilding_mends_what_was_spoilt(random_books):
    folded = _state()
    Rollup.objects.filter(grain="m").update(total_rial=1)
    Rollup.objects.filter(grain="y").first().delete()
    Cube.objects.filter(cube=1).update(gifts=0)
    call_command("rebuild_rollups", stdout=StringIO())
    assert _state() == folded


def test_what_waits_is_counted_once(random_books, noon):
    before = figures.total()
    book(900, noon(1405, 2, 2))
    assert folding.waiting() == 1
    rebuild()
    assert figures.total() == before
    assert folding.waiting() == 1
    fold_all()
    assert figures.total().total_rial == before.total_rial + 900
    fold_all()
    assert figures.total().total_rial == before.total_rial + 900


def test_the_next_fold_makes_them_anew_when_a_change_of_shape_wants_it(random_books):
    folded = _state()
    Rollup.objects.all().delete()
    Cube.objects.all().delete()
    FoldState.objects.update(rebuild_wanted=True)
    fold_all()
    assert _state() == folded
    assert not FoldState.objects.get().rebuild_wanted
