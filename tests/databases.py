"""Databases for tests in a running PostgreSQL."""

from uuid import uuid4

import psycopg


class Databases:
    """Makes databases in a running server."""

    def __init__(self, server: str) -> None:
        self._server = server

    def make(self, like: str | None = None) -> str:
        """A new one, empty or as another that nobody is connected to; its SQLAlchemy URL."""
        name = f"s{uuid4().hex}"
        template = "" if like is None else f" TEMPLATE {like.rpartition('/')[2]}"
        with psycopg.connect(f"postgresql://servitec@{self._server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{template}".encode())
        return f"postgresql+psycopg://servitec@{self._server}/{name}"
