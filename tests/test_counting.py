"""A cashier stamps and redeems: what counts, what counts once, and what is refused with a reason."""


def test_a_stamp_sent_twice_counts_once(till, make_card):
    card = make_card(stamps=4)
    stamp = till.stamp(card)

    first = till.send(stamp)
    again = till.send(stamp, stamp)

    assert [result["status"] for result in first + again] == ["applied", "duplicate", "duplicate"]
    assert card.face["stamps"] == 5


def test_twelve_stamps_on_a_card_of_five_make_two_rewards_and_two_stamps(make_business):
    business = make_business(stamps_needed=5)
    card = business.card()

    business.till().send(business.till().stamp(card, quantity=12))

    assert (card.face["rewards_ready"], card.face["stamps"]) == (2, 2)
