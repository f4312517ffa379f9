"""How often something may be tried: counted before it is, in Redis where there is one, else in this process."""

import ipaddress
import logging
import threading
import time
from dataclasses import dataclass

import redis

log = logging.getLogger(__name__)

MAX_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one thing in a window, which begins with the first."""

    name: str
    tries: int
    window_s: int


def neighbourhood(ip: str | None) -> str:
    """What one sender has addresses of: an IPv4 address, an IPv6 network of 64 bits."""
    if ip is None or ":" not in ip:
        return ip or "?"
    return str(ipaddress.ip_network(f"{ip}/64", strict=False))


class Memory:
    """Counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, float]] = {}

    def add(self, key: str, by: int, window_s: int) -> tuple[int, int]:
        """Count; the count, and the seconds until it is forgotten."""
        now = time.monotonic()
        with self._lock:
            if len(self._kept) >= MAX_KEPT:
                newest = sorted(self._kept.items(), key=lambda item: item[1][1])[MAX_KEPT // 2 :]
                self._kept = dict(newest)
            count, until = self._kept.get(key, (0, 0.0))
            if until <= now:
                count, until = 0, now + window_s
            self._kept[key] = (count + by, until)
            return count + by, max(1, round(until - now))

    def forget(self, key: str) -> None:
        """Begin anew."""
        with self._lock:
            self._kept.pop(key, None)


class Limits:
    """Counts shared by all processes of a server through Redis, where it has one."""

    def __init__(self, url: str | None, server_id: str) -> None:
        self._memory = Memory()
        self._prefix = f"servitec:{server_id}:"
        self._redis = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) if url else None

    def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            self._redis.close()

    def hit(self, limit: Limit, *what: str) -> int | None:
        """Count one try; None: it may be made; else the seconds to wait."""
        count, rest_s = self._add(limit, what, 1)
        return rest_s if count > limit.tries else None

    def take_back(self, limit: Limit, *what: str) -> None:
        """One try counts no longer."""
        self._add(limit, what, -1)

    def forget(self, limit: Limit, *what: str) -> None:
        """All tries of this count no longer."""
        key = self._key(limit, what)
        self._memory.forget(key)
        if self._redis is not None:
            try:
                self._redis.delete(key)
            except redis.RedisError as error:
                log.warning("redis: %s; counted in this process only", error)

    def _add(self, limit: Limit, what: tuple[str, ...], by: int) -> tuple[int, int]:
        key = self._key(limit, what)
        if self._redis is not None:
            try:
                with self._redis.pipeline(transaction=True) as steps:
                    steps.set(key, 0, ex=limit.window_s, nx=True)
                    steps.incrby(key, by)
                    steps.ttl(key)
                    _, count, rest_s = steps.execute()
                return int(count), max(1, int(rest_s))
            except redis.RedisError as error:
                log.warning("redis: %s; counted in this process only", error)
        return self._memory.add(key, by, limit.window_s)

    def _key(self, limit: Limit, what: tuple[str, ...]) -> str:
        return self._prefix + ":".join((limit.name, *what))
