import pytest

from core.errors import DomainError
from provinces.enums import Role
from tests.factories.people import person


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def expert():
    return person(Role.PROVINCIAL_EXPERT)


def refusal(work) -> str:
    with pytest.raises(DomainError) as refused:
        work()
    return refused.value.code
