"""The table of moves in campaigns.states and the one in the database are the same table."""

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition
from campaigns.states import MOVES
from tests.factories.campaigns import put_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM campaigns_planmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    assert set(MOVES) == set(S)


@pytest.mark.parametrize("model", [Edition, Branch])
def test_the_database_refuses_every_other_move(model):
    """Asked for by plain SQL: a move passes exactly when it is in the table (approved also needs two people)."""
    row = model.objects.filter(**({"year": 1405} if model is Edition else {"edition__year": 1448})).first()
    passed = set()
    for before in S:
        for after in S:
            if before == after:
                continue
            put_back(model.objects.filter(pk=row.pk), state=before)
            try:
                with transaction.atomic():
                    model.objects.filter(pk=row.pk).update(state=after)
            except IntegrityError:
                continue
            passed.add((before, after))
    assert passed == {(before, after) for before, afters in MOVES.items() for after in afters} - {
        (S.DRAFT, S.APPROVED)
    }


def test_a_branch_does_not_open_before_its_edition():
    branch = Branch.objects.filter(edition__year=1448).first()
    put_back(Branch.objects.filter(pk=branch.pk), state=S.APPROVED)
    put_back(Edition.objects.filter(pk=branch.edition_id), state=S.APPROVED)
    with pytest.raises(IntegrityError, match="is not open"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(state=S.OPEN)


def test_a_branch_stays_where_it_began():
    branch = Branch.objects.filter(edition__year=1448, province="23").get()
    with pytest.raises(IntegrityError, match="belongs where it began"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(edition=Edition.objects.get(year=1447))
