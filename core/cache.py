"""A cache whose absence slows nothing down for long and breaks nothing."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _forgiving(name: str, default: object):
    def method(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache %s not done: %s", name, type(error).__name__)
            return kwargs.get("default", args[1] if name == "get" and len(args) > 1 else default)

    return method


class _Client(RedisCacheClient):
    """Django's, which makes a new client object for every command, with one object a pool."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if id(pool) not in self._clients:
            self._clients[id(pool)] = self._client(connection_pool=pool)
        return self._clients[id(pool)]


class ForgivingRedisCache(RedisCache):
    """Valkey as a cache: when it cannot be reached a read misses and a write is dropped, and a line is logged."""

    def __init__(self, server, params) -> None:
        super().__init__(server, params)
        self._class = _Client

    get = _forgiving("get", None)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    delete = _forgiving("delete", False)
    get_many = _forgiving("get_many", {})
    set_many = _forgiving("set_many", [])

    def incr(self, key, delta=1, version=None):
        """The new value, or `delta` when Valkey cannot be reached; a missing key still raises ValueError."""
        try:
            return super().incr(key, delta, version)
        except (RedisError, OSError) as error:
            log.warning("cache incr not done: %s", type(error).__name__)
            return delta

    def count(self, steps: Mapping[str, int], timeout: int | Mapping[str, int]) -> None:
        """Add to counters, which end `timeout` seconds (of each, or of all) after they began; one round trip for
        all."""
        if not steps:
            return
        with self._pipeline() as pipeline:
            for key, step in steps.items():
                name = self.make_and_validate_key(key)
                pipeline.set(name, 0, ex=timeout if isinstance(timeout, int) else timeout[key], nx=True)
                pipeline.incrby(name, step)
            self._execute(pipeline)

    def read_and_keep(self, read: Iterable[str], key: str, value: Any, timeout: int) -> dict[str, Any]:
        """`get_many(read)` and `set(key, value, timeout)` in one round trip."""
        names = list(read)
        serializer = self._cache._serializer
        with self._pipeline() as pipeline:
            pipeline.mget([self.make_and_validate_key(name) for name in names])
            pipeline.set(self.make_and_validate_key(key), serializer.dumps(value), ex=timeout)
            found = self._execute(pipeline) or [[]]
        return {
            name: serializer.loads(raw) for name, raw in zip(names, found[0], strict=False) if raw is not None
        }

    def _pipeline(self):
        return self._cache.get_client(write=True).pipeline(transaction=False)

    def _execute(self, pipeline) -> list | None:
        try:
            return pipeline.execute()
        except (RedisError, OSError) as error:
            log.warning("cache pipeline not done: %s", type(error).__name__)
            return None
