"""A cache whose absence slows nothing down for long and breaks nothing."""

import logging

from django.core.cache.backends.redis import RedisCache
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


class ForgivingRedisCache(RedisCache):
    """Valkey as a cache: when it cannot be reached a read misses and a write is dropped, and a line is logged."""

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
