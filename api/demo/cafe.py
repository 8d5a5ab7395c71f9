"""The demo's café as its owner would describe it: its cards, its campaigns, its people, and how busy it is."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from insight.believable import Story
from rules.campaigns import Campaign
from rules.programme import Choice, Terms, Tier

ZONE = ZoneInfo("Europe/Warsaw")
# A year and four weeks: what is asked of cards that are twelve months old then has an answer.
DAYS = 392
OWNER, EMAIL = "Maja", "maja@example.com"
NAME, CURRENCY, LANGUAGE = "Café Tenth", "EUR", "en"
# Name of a shop, and its tills. One "shop" of the story for each till.
SHOPS = (("Market Street", ("Till 1", "Till 2")), ("Station", ("Station till",)))
STAFF = ("Ola", "Piotr", "Somsak")
STORY = Story(
    cards=3_200, days=DAYS, pace=(1.1, 7.0), leaving=(1.2, 9.0), zone="Europe/Warsaw", shops=(0.57, 0.29, 0.14)
)

SANDWICH = Terms(stamps_needed=10, reward="a free sandwich", unit_cost=240, unit_price=690, birthday_stamps=2)
# What became of it after the first months.
WITH_A_COFFEE = replace(
    SANDWICH,
    choices=(Choice("a free salad", 260, 720),),
    tiers=(Tier(key=1, at=5, reward="a free coffee", unit_cost=60, unit_price=320),),
)
WHY_A_COFFEE = "Ten is far when you come once a week: a coffee at five."
COFFEE = Terms(stamps_needed=8, reward="a free coffee", cooldown_seconds=60, unit_cost=60, unit_price=320)
# What it is to be from next month on.
DEARER_COFFEE = replace(COFFEE, unit_cost=65, unit_price=340, welcome_stamps=1)
WHY_DEARER = "New prices, and a first stamp to begin with."
# The goal that is tried on half of the new sandwich cards, and how many cards the plan asked for.
TRIED_STAMPS, TRIED_SHARE, PLANNED_CARDS = 8, 50, 900

SOUP = "Pumpkin soup"


@dataclass(frozen=True, slots=True)
class Idea:
    """A campaign, when it runs (days before now; negative: after; until: None while it goes on), and what it does.

    caused: which part of the visits it rewards would not have been made without it. Money in the smallest unit.
    """

    name: str
    rules: Campaign
    begins: int
    until: int | None = None
    budget: int = 0
    caused: float = 0.0


CAMPAIGNS = (
    Idea(
        "Double-stamp weekdays",
        Campaign("hours", stamps=1, per="stamp", weekdays=(1, 2, 3, 4, 5), hold_out=30),
        begins=150,
        until=108,
        caused=0.55,
    ),
    Idea(
        "We miss you",
        Campaign("come_back", stamps=3, quiet_days=30, hold_out=20),
        begins=75,
        budget=60_000,
        caused=0.4,
    ),
    Idea("Soup of the month", Campaign("item", stamps=1, item=SOUP, hold_out=10), begins=20),
    Idea(
        "Advent mornings",
        Campaign("hours", stamps=1, weekdays=(1, 2, 3, 4, 5), from_minute=420, until_minute=600),
        begins=-9,
        until=-30,
        budget=40_000,
    ),
)
# Of the visits while it is the item of the month, so many are for it.
SOUP_SHARE = 0.3

# Said once of every second stamp within the minute that the year brought.
WHY_FINE = "Two friends, one card."

# One customer in eight leaves a name; no address is anybody's.
LEAVES_A_NAME = 0.12
FIRST_NAMES = ("Anna", "Bartek", "Celina", "Daniel", "Ewa", "Filip", "Gosia", "Hugo", "Iga", "Jan", "Kasia", "Lars",
               "Marta", "Nina", "Oskar", "Paula", "Robert", "Sara", "Tomek", "Zofia")  # fmt: skip
LAST_NAMES = ("Adamczyk", "Borg", "Dudek", "Evers", "Fiala", "Gajda", "Hansen", "Kozak", "Król", "Kubiak",
              "Lis", "Maj", "Mazur", "Nowak", "Olsen", "Pawlak", "Rossi", "Sikora", "Wrona", "Zając")  # fmt: skip
