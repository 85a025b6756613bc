"""Lists by pages whose cost does not grow with what there is."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

MOST_COUNTED = 3_000


class ShortPaginator(Paginator):
    """Counts no further than MOST_COUNTED: whoever has that many to look through narrows the search."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()

    @property
    def is_cut(self) -> bool:
        return self.count > MOST_COUNTED


class KeyPaginator(ShortPaginator):
    """For lists whose search is what costs: it is done once, for the keys in their order and no further than they are
    counted; the rows of a page are fetched by them."""

    @cached_property
    def _keys(self) -> list[Any]:
        return list(self.object_list.values_list("pk", flat=True)[: MOST_COUNTED + 1])

    @cached_property
    def count(self) -> int:
        return len(self._keys)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys[first : first + self.per_page]
        return self._get_page(list(self.object_list.filter(pk__in=keys)), number, self)
