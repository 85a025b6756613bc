"""Who gets which answer at which address. An address that is not here fails the tests.

A row is an address by its URL name, how an example of it is made from a small world of rows (all of Tehran province
and of one of its counties), and the status for each kind of visitor by GET and, where it takes forms, by POST.
Statuses are written out here, not read from provinces.permissions: two people must change two tables.
"""

from __future__ import annotations

from tests.architecture.url_table.admin import ADDED_IN_ADMIN, ADMIN_EXTRAS, ADMIN_PAGES, CHANGED_IN_ADMIN
from tests.architecture.url_table.desk import DESK
from tests.architecture.url_table.goods import GOODS
from tests.architecture.url_table.headquarters import HEADQUARTERS
from tests.architecture.url_table.money import COUNTER, RECONCILING
from tests.architecture.url_table.network import NETWORK
from tests.architecture.url_table.partners import PARTNERS
from tests.architecture.url_table.people import DOOR, PEOPLE
from tests.architecture.url_table.public import EVERYBODY, MACHINES
from tests.architecture.url_table.visitors import ENDED, PASSWORD_ONLY, STRANGER, VISITORS, Address, staff

__all__ = [
    "ADDED_IN_ADMIN",
    "ADMIN_EXTRAS",
    "ADMIN_PAGES",
    "CHANGED_IN_ADMIN",
    "ENDED",
    "PASSWORD_ONLY",
    "STRANGER",
    "TABLE",
    "VISITORS",
    "Address",
    "staff",
]

TABLE: list[Address] = [
    *EVERYBODY,
    *MACHINES,
    *NETWORK,
    *DOOR,
    *PEOPLE,
    *DESK,
    *PARTNERS,
    *GOODS,
    *COUNTER,
    *RECONCILING,
    *HEADQUARTERS,
]
