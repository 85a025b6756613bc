"""What the benchmarks' tests share: all migrations, taken from the run's template instead of made anew."""

from __future__ import annotations

import pytest

from bench.support.stack import MIGRATED
from core.backups import programs
from tests import databases


@pytest.fixture(scope="session")
def migrated(tmp_path_factory, django_db_blocker) -> dict[str, str]:
    """What a benchmark's environment needs for it."""
    with django_db_blocker.unblock():
        name = databases.migrated()
    dump = tmp_path_factory.mktemp("migrated") / "tables.dump"
    programs.run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", url=databases.url_of(name))
    return {MIGRATED: str(dump)}
