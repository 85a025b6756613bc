"""What the benchmark calls a difference between folded and rebuilt figures."""

from django.apps import apps

from bench.support.rollups import TABLES, differences

ROW = (1, "d", "2026-01-01", "in", "cash", 100, 1)


def _with(*rows: tuple) -> dict[str, set[tuple]]:
    return {table: set(rows) if table == "dashboards_rollup" else set() for table in TABLES}


def test_equal_rows_do_not_differ():
    assert differences(_with(ROW), _with(ROW)) == []


def test_a_sum_a_missing_row_and_a_row_too_many_are_told():
    other = (*ROW[:5], 101, 1)
    assert len(differences(_with(ROW), _with(other))) == 2
    assert differences(_with(ROW), _with()) == [f"dashboards_rollup: folded only {ROW}"]
    assert differences(_with(), _with(ROW)) == [f"dashboards_rollup: rebuilt only {ROW}"]


def test_every_column_of_every_table_of_figures_is_compared():
    """A new column, or a new table that the fold fills, may not stand aside."""
    for table, columns in TABLES.items():
        model = next(
            model for model in apps.get_app_config("dashboards").get_models() if model._meta.db_table == table
        )
        own = {field.column for field in model._meta.fields} - {"id"}
        assert own == set(columns.split(", ")), table
