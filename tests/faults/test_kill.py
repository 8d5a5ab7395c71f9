"""kill -9 of the whole service at any moment, while tills send: what was acknowledged is there, once."""

import time

from tests.faults.service import Service, settle
from tests.faults.tills import at_work

# From the start of the process, or from its first answer to a till, to the kill.
LONGEST_LIFE_SECONDS = 0.5


def test_killed_at_any_moment_under_load_nothing_acknowledged_is_lost_or_doubled(
    tmp_path, nursery, dice, did, how_many
):
    cycles, under_load = how_many(100, 1000), 0

    with Service(tmp_path, nursery=nursery) as service:
        with at_work(service.tills, service.codes, dice):
            for _ in range(cycles):
                service.launch()
                if dice.random() < 0.9:  # the others die while they come up
                    service.wait_until_at_work()
                    under_load += 1
                time.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
                service.kill()
        unanswered = sum(len(till.outbox) for till in service.tills)
        sentence = settle(service)

    did(f"{cycles} kills, {under_load} of them under load; {unanswered} events waited at the end; {sentence}")
