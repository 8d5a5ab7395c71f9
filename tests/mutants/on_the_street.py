"""Bugs that the simulation of tests/simulation must notice: in the service, and in the till as it is retold there."""

from api import backup
from api.actions import cards, events, put_aside, set_aside, standing
from api.store import ledger
from rules import card, decide, sequence
from tests.mutants.bugs import Bug
from tests.simulation.kiosk import Till

IN_THE_SERVICE = [
    Bug(
        "an event sent twice is counted twice or breaks the batch",
        events.record,
        "locked.known_content is not None",
        "False",
    ),
    Bug("what has happened is refused", decide.decide, "if ask.already_happened or", "if False or"),
    Bug(
        "a reward that is not there is handed out",
        decide._redeem_objection,
        "ready < ask.quantity",
        "figures.total < 0",
    ),
    Bug("a till may not be told never", decide._redeem_objection, "scene.offline_never", "False"),
    Bug("a void takes one stamp, whatever it undoes", events.event_of, "-undone.stamps,", "-min(undone.stamps, 1),"),
    Bug("a void before its event is forgotten", events._count, "if waiting:", "if False:"),
    Bug("what cannot be counted is dropped", put_aside.put_aside, "if not known:", "if False:"),
    Bug("a refusal stands although it has happened", put_aside.earlier_answer, "claim.already_happened", "False"),
    Bug("a revoked till still counts", events.record, "if locked.till_revoked:", "if False:"),
    Bug("a replay adds a void up twice", standing.add, "[event.for_rules]", "[event.for_rules] * 2"),
    Bug(
        "stamps beyond a full round are dropped",
        card._fill,
        "start + need, next_need, earned",
        "figures.total, next_need, earned",
    ),
    Bug("the old promise is lost in a change", card._kept, "min(now.need, new.need)", "new.need"),
    Bug(
        "a pardon forgives one reward too many",
        cards.forgive,
        "max(0, -figures.balance(None))",
        "max(0, -figures.balance(None)) + 1",
    ),
    Bug(
        "a kept claim is counted each time the button is pressed",
        set_aside._waiting,
        'if found[0].status == "taken" or set_aside.settlement',
        "if False and set_aside.settlement",
    ),
    Bug(
        "a card's lines are no longer chained",
        ledger.append,
        "card.last_event_id, *event[1:]",
        "None, *event[1:]",
    ),
    Bug(
        "after a restore no till hears of it",
        backup._replace_file,
        "service.new_epoch(connection, str(uuid.uuid4()))",
        "None",
    ),
    Bug("a clock is put right the wrong way", decide.clock_ahead, "sent_at - now", "now - sent_at"),
    Bug("a gap is where nothing is missing", sequence.missing, "sent.union(withheld)", "sent"),
    Bug("nothing is ever missing", sequence.missing, "if number > next_due:", "if False:"),
]
IN_THE_TILL = [
    Bug("a lost answer takes the event with it", Till._missed, "self._stamps_are_facts()", "self.disk.outbox.clear()"),
    Bug("what has its answer is not kept", Till._settle, "self.disk.sent[row.sequence] = (row, self.now)", "pass"),
    Bug("a new epoch is only remembered", Till._heard_epoch, "self.disk.epoch not in (None, epoch)", "False"),
    Bug(
        "what is sent again is asked again",
        Till._heard_epoch,
        'row.standing, row.again = "fact", True',
        "row.again = True",
    ),
    Bug(
        "a till that was cut off does not say whose answers it had",
        Till.heartbeat,
        "{self.disk.epoch or ''}",
        "",
    ),
    Bug(
        "a till that nobody knows forgets what it has sent",
        Till.heartbeat,
        "self.paired, self.cut_off = False, answer.cut_off",
        "self.paired, self.cut_off = False, answer.cut_off or self.disk.sent.clear()",
    ),
    Bug("later means nothing was handed over, and no void", Till._withdraw, 'self.disk.add(void, "withdrawn")', "pass"),
    Bug("the limit of a card is not looked at", Till.may_hand_over, 'here < rules["per_card"] and', ""),
    Bug("the limit of a till is not looked at", Till.may_hand_over, 'len(waiting) < rules["per_till"] and', ""),
    Bug("numbers left behind are not named", Till.to_send, "[number for number", "[] and [number for number"),
]
