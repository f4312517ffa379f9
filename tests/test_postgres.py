"""The tests' own PostgreSQL is real and empty."""

from collections.abc import Callable

import sqlalchemy


def test_each_database_is_new(postgres_database: Callable[[], str]) -> None:
    urls = [postgres_database(), postgres_database()]
    assert urls[0] != urls[1]
    for url in urls:
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("show server_encoding").scalar_one() == "UTF8"
            assert sqlalchemy.inspect(connection).get_table_names() == []
        engine.dispose()
