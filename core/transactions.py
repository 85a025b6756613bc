"""Statements that may fail without taking the caller's transaction along."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction


def savepoint_if_inside() -> AbstractContextManager:
    """For one statement by itself: a savepoint inside a transaction; outside it is a transaction of its own anyway."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
