"""Cases in two provinces and one of the nation."""

from __future__ import annotations

import pytest

from cases.enums import CaseKind
from cases.services.cases import open_case
from provinces.scoping import all_provinces
from tests.factories.people import KHUZESTAN, TEHRAN


@pytest.fixture
def cases(db):
    with all_provinces("test"):
        facts = {
            "gateway": "zarinpal",
            "amount_rial": 500_000,
            "tracking_code": "A7KM29RTX4HC",
            "reason": "amount",
        }
        return {
            "tehran": open_case(CaseKind.ANSWER_MISFIT, "attempt:1", TEHRAN, **facts),
            "khuzestan": open_case(CaseKind.ANSWER_MISFIT, "attempt:2", KHUZESTAN, **facts),
            "nation": open_case(CaseKind.BOOKS, "check:sums"),
        }
