"""A network that loses, resets and cuts: what tills send again and again ends up in the ledger once."""

import random
import threading

import pytest

from tests.faults.hostile_proxy import HostileProxy
from tests.faults.service import Service, hold_to_account

EVENTS = 10_000
MOST_IN_A_BATCH = 50


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request, tmp_path):
    """A running service on either database."""
    address = request.getfixturevalue("empty_postgres") if request.param == "postgresql" else ""
    service = Service(tmp_path, cards=200, database_url=address)
    service.start()
    yield service
    service.kill()


def test_ten_thousand_events_through_a_hostile_network_are_counted_once_each(service, dice, did):
    each = EVENTS // len(service.tills)
    with HostileProxy(service.port, random.Random(dice.random())).standing() as proxy:
        threads = [
            threading.Thread(target=sell, args=(till, proxy.port, service.codes, each, random.Random(dice.random())))
            for till in service.tills
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    ledger, _ = service.written()
    sentence = hold_to_account(service, service.tills)
    sent = {id for till in service.tills for id in till.said}
    assert len(sent) == EVENTS
    assert ledger.keys() == sent
    did(f"{EVENTS} events in {proxy.fates.total()} requests ({dict(proxy.fates)}); {sentence}")


def sell(till, port, codes, events, dice):
    """See so many events and send them through this port, in batches, until each has its answer."""
    till.port = port
    while len(till.said) < events or till.outbox:
        if len(till.outbox) < MOST_IN_A_BATCH:
            for _ in range(min(dice.randint(1, MOST_IN_A_BATCH), events - len(till.said))):
                till.see("stamp", dice.choice(codes), quantity=dice.choice((1, 1, 2, 3)))
        till.send(most=MOST_IN_A_BATCH)
    till.hang_up()
