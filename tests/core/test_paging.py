"""Long lists: counted a little way, searched once, and each page has its rows in their order."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import paging
from core.paging import KeyPaginator
from provinces.models import County


@pytest.fixture
def counties(db):
    return County.objects.filter(province="23").order_by("-code").select_related("province")


def test_pages_hold_every_row_once_and_in_order(counties):
    expected = list(counties)
    pages = KeyPaginator(counties, 5)
    assert [row for page in pages for row in page] == expected
    assert (pages.count, pages.is_cut) == (len(expected), False)
    assert pages.get_page("nonsense").object_list == expected[:5]
    assert pages.get_page(99).object_list == expected[-(len(expected) % 5 or 5) :]


def test_a_search_is_done_once_and_counted_a_little_way(counties, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 6)
    with CaptureQueriesContext(connection) as asked:
        page = KeyPaginator(counties, 5).get_page(1)
        assert [row.province.name for row in page] == ["تهران"] * 5
        assert (page.paginator.count, page.paginator.is_cut) == (7, True)
    assert len(asked) == 2


def test_nothing_found_is_one_empty_page(counties):
    page = KeyPaginator(counties.filter(name="nowhere"), 5).get_page(1)
    assert (list(page), page.paginator.count) == ([], 0)
