import pickle

from core.errors import DomainError


def test_carries_code_and_data_from_a_mapping_or_by_name():
    assert DomainError("too_small", {"minimum_rial": 10}).data == {"minimum_rial": 10}
    assert DomainError("too_small", minimum_rial=10).data == {"minimum_rial": 10}


def test_says_only_its_code_so_that_logs_carry_no_content():
    assert str(DomainError("bad_card", card="secret")) == "bad_card"


def test_survives_pickling_as_celery_needs():
    error = pickle.loads(pickle.dumps(DomainError("bad_date", {"field": "from"}, status=400)))
    assert (error.code, error.data) == ("bad_date", {"field": "from", "status": 400})
