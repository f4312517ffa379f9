"""The end of a server waits for who is still in the database."""

import threading
import time

import pytest

from servitec_server.store import Closing
from tests.company import Office


def test_the_end_waits_for_who_is_inside_and_lets_nobody_in(office: Office) -> None:
    store, inside, order = office.central.store, threading.Event(), []

    def read() -> None:
        with store.reading() as connection:
            inside.set()
            time.sleep(0.3)
            connection.exec_driver_sql("SELECT count(*) FROM orden")
            order.append("read")

    reader = threading.Thread(target=read)
    reader.start()
    assert inside.wait(5)
    store.close()
    order.append("closed")
    reader.join()
    assert order == ["read", "closed"]
    with pytest.raises(Closing), store.reading():
        pass
    with pytest.raises(Closing), store.writing():
        pass
