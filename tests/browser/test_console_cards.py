"""The owner at the cards, in a real browser: terms are changed, a line is undone, a lost card moved, another found."""

from playwright.sync_api import expect


def test_a_lower_threshold_shows_what_it_does_before_it_does_it(owner):
    programme = owner.programme(stamps_needed=10)
    nine, three = owner.card(programme, stamps=9), owner.card(programme, stamps=3)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page

    page.get_by_label("How many stamps").fill("8")

    shown = page.locator(".effects > div")
    expect(shown.nth(0)).to_have_text("cards get another goal2")
    expect(shown.nth(1)).to_have_text("card becomes full at once1")
    expect(shown.nth(2)).to_have_text("is what 1 reward at once costs you€2.50")
    expect(page.get_by_role("row", name="9 10 8 1 1")).to_be_visible()
    assert owner.face(nine)["rewards_ready"] == 0

    page.get_by_label("Note (if you like)").fill("Spring")
    page.get_by_role("button", name="Put it into force").click()

    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    expect(page.locator(".version").first).to_contain_text("Every 8 stamps earn a free sandwich.")
    expect(page.locator(".version").first).to_contain_text("Spring")
    assert (owner.face(nine)["stamps"], owner.face(nine)["rewards_ready"]) == (1, 1)
    assert owner.face(three)["needed"] == 8


def test_finishing_the_round_first_leaves_the_cards_on_their_way_alone(owner):
    programme = owner.programme(stamps_needed=10)
    nine = owner.card(programme, stamps=9)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page
    page.get_by_label("How many stamps").fill("8")
    expect(page.locator(".effects > div").nth(1)).to_contain_text("1")

    page.get_by_role("radio", name="Finish the round first").check()

    expect(page.locator(".effects > div").nth(1)).to_have_text("cards become full at once0")
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_text("The new terms are in force.")).to_be_visible()
    owner.open(f"cards/{nine['code']}")
    expect(page.get_by_text("This round stays at 10, as promised. The next one takes 8 stamps.")).to_be_visible()


def test_terms_that_cannot_be_promised_are_marked_at_their_field_and_not_saved(owner):
    programme = owner.programme(stamps_needed=10)
    owner.open(f"programmes/{programme['id']}")
    page = owner.page

    page.get_by_label("Stamps to start with").fill("10")

    expect(page.get_by_label("Stamps to start with")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Put it into force")).to_be_disabled()
    assert owner.get("/programmes")["items"][-1]["version"] == 1


def test_leaving_with_changed_terms_asks_first(owner):
    programme = owner.programme()
    owner.open(f"programmes/{programme['id']}")
    page = owner.page
    page.get_by_label("Most stamps in one visit").fill("3")

    page.get_by_role("link", name="Staff").click()
    owner.dialog().get_by_role("button", name="Stay here").click()
    expect(page.get_by_label("Most stamps in one visit")).to_have_value("3")
    page.get_by_role("link", name="Staff").click()
    owner.dialog().get_by_role("button", name="Leave it").click()

    expect(page.get_by_role("heading", name="Staff", level=1)).to_be_visible()
    owner.open(f"programmes/{programme['id']}")
    expect(page.get_by_label("Most stamps in one visit")).to_have_value("6")


def test_a_programme_is_added_renamed_ended_and_opened_again(owner):
    owner.open("programmes")
    page = owner.page
    page.get_by_role("link", name="Add a programme").click()
    page.get_by_label("Name of the programme").fill("Coffee card")
    page.get_by_label("What is free").fill("a free coffee")
    page.get_by_label("It costs you (EUR)").fill("0,60")
    page.get_by_label("Pause between two visits").select_option(label="5 minutes")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", name="Coffee card")).to_be_visible()

    page.get_by_role("button", name="Rename").click()
    owner.dialog().get_by_label("Name of the programme").fill("Espresso card")
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Espresso card")).to_be_visible()
    page.get_by_role("button", name="End it").click()
    owner.dialog().get_by_role("button", name="End it").click()
    expect(page.get_by_text("This programme has ended")).to_be_visible()
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_role("button", name="End it")).to_be_visible()

    terms = owner.get("/programmes")["items"][-1]["terms"]
    assert (terms["unit_cost"], terms["cooldown_seconds"], terms["reward"]) == (60, 300, "a free coffee")


def test_a_line_is_undone_with_a_reason(owner):
    card = owner.card(owner.programme())
    owner.stamp(card, quantity=3)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    expect(page.get_by_role("img", name="3 of 10 stamps")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    owner.dialog().get_by_label("Reason").fill("Wrong customer")
    owner.dialog().get_by_role("button", name="Undo it").click()

    expect(page.get_by_role("img", name="0 of 10 stamps")).to_be_visible()
    expect(page.locator(".history > li").first).to_contain_text("Wrong customer")
    expect(page.locator(".history > li").nth(1)).to_contain_text("undone")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert owner.face(card)["stamps"] == 0


def test_figures_are_put_right_with_a_reason_and_never_below_zero(owner):
    card = owner.card(owner.programme(), stamps=2)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    page.get_by_role("button", name="Put figures right").click()
    owner.dialog().get_by_label("Stamps", exact=True).fill("-5")
    owner.dialog().get_by_label("Reason").fill("Counted twice")
    owner.dialog().get_by_role("button", name="Put it right").click()
    expect(owner.dialog().get_by_role("alert")).to_contain_text("fewer")

    owner.dialog().get_by_label("Stamps", exact=True).fill("0")
    owner.dialog().get_by_role("button", name="Stamps: one less").click()
    owner.dialog().get_by_role("button", name="Put it right").click()

    expect(page.get_by_role("img", name="1 of 10 stamps")).to_be_visible()
    expect(page.locator(".history > li").first).to_contain_text("Counted twice")
    assert owner.face(card)["stamps"] == 1


def test_a_smaller_reward_is_given_by_hand_and_a_slip_of_the_hand_loses_nothing(owner):
    coffee = {"key": 1, "at": 5, "reward": "a free coffee"}
    card = owner.card(owner.programme(tiers=[coffee]), rewards=1)
    owner.open(f"cards/{card['code']}")
    page, dialog = owner.page, owner.dialog()
    page.get_by_role("button", name="Put figures right").click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)  # nothing is filled in yet, so the page behind closes it
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Put figures right").click()

    expect(dialog.get_by_text("Now on the card: stamps 0, rewards 1.")).to_be_visible()
    dialog.get_by_label("Which reward").select_option("a free coffee")
    expect(dialog.get_by_text("Now on the card: stamps 0, rewards 0.")).to_be_visible()
    dialog.get_by_role("button", name="Rewards: one more").click()
    page.mouse.click(5, 5)
    dialog.get_by_label("Reason").fill("A birthday present")
    dialog.get_by_role("button", name="Put it right").click()

    expect(page.locator(".history > li").first).to_contain_text("a free coffee: +1")
    (tier,) = owner.face(card)["tiers"]
    assert (tier["ready"], owner.face(card)["reward"]["ready"]) == (1, 1)


def test_a_lost_card_moves_to_a_new_one(owner):
    card = owner.card(owner.programme(), stamps=4, rewards=1)
    owner.open(f"cards/{card['code']}")
    page = owner.page

    page.get_by_role("button", name="Card was lost").click()
    owner.dialog().get_by_role("button", name="Make the new card").click()
    link = owner.dialog().get_by_label("Private link of the new card").input_value()
    expect(owner.dialog().get_by_role("img", name="QR code of the new card's private link")).to_be_visible()
    owner.dialog().get_by_role("link", name="Go to the new card").click()

    expect(page.get_by_role("img", name="4 of 10 stamps")).to_be_visible()
    expect(page.get_by_text("1 reward waiting").first).to_be_visible()
    address, key = link.split("#")
    assert card["code"] not in address
    new_code = address.rsplit("/", 1)[1]
    assert owner.ask("GET", f"/cards/{new_code}/events", key=key)["status"] == 200


def test_a_card_is_found_by_its_code_and_by_the_name_its_customer_left(owner):
    programme = owner.programme()
    card, other = owner.card(programme), owner.card(programme)
    owner.open(f"cards/{card['code']}")
    page = owner.page
    page.get_by_role("button", name="Add a name").click()
    owner.dialog().get_by_label("Name").fill("Zofia Unikat")
    owner.dialog().get_by_role("checkbox", name="Wants news and offers").check()
    owner.dialog().get_by_role("button", name="Save").click()
    expect(page.get_by_text("Zofia Unikat")).to_be_visible()

    owner.open("cards")
    page.get_by_label("Find a card").fill("unikat")
    expect(page.locator(".card-list > li")).to_have_count(1)
    expect(page.locator(".card-list > li")).to_contain_text(card["short_code"])
    page.get_by_label("Find a card").fill(other["short_code"].lower())
    expect(page.locator(".card-list > li")).to_have_count(1)
    expect(page.locator(".card-list > li")).to_contain_text(other["short_code"])
    page.get_by_label("Find a card").fill("nobody of this name")
    expect(page.get_by_text("No card fits this search.")).to_be_visible()

    owner.open(f"cards/{card['code']}")
    page.get_by_role("button", name="Forget this person").click()
    owner.dialog().get_by_role("button", name="Forget this person").click()
    expect(page.get_by_text("Nobody has left a name.")).to_be_visible()
    assert owner.ask("GET", f"/cards/{card['code']}/customer")["status"] == 404


def test_a_long_list_of_cards_is_shown_page_by_page(owner):
    programme = owner.programme()
    cards = [owner.card(programme) for _ in range(53)]
    owner.open(f"cards?programme={programme['id']}")
    page = owner.page
    expect(page.locator(".card-list > li")).to_have_count(50)

    page.get_by_role("button", name="Show more").click()

    expect(page.locator(".card-list > li")).to_have_count(len(cards))
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
