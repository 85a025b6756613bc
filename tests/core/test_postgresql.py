"""A kept connection whose server hung up is noticed without asking the server."""

from django.db import connection, connections


def _end(backend: int) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    other.close()


def test_a_connection_that_the_server_ended_is_not_used_again(live_db):
    connection.ensure_connection()
    assert connection.is_usable()
    _end(connection.connection.info.backend_pid)
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_looking_costs_no_query(live_db, django_assert_num_queries):
    connection.ensure_connection()
    with django_assert_num_queries(0):
        assert connection.is_usable()


def test_a_closed_connection_is_not_usable(live_db):
    connection.ensure_connection()
    connection.close()
    assert not connection.is_usable()
