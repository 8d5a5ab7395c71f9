"""Every code a verdict or a line of history can carry; the pages hold one sentence for each, in each language."""

# Things that happened.
HAPPENED = (
    "stamped",
    "counted_towards",
    "reward_earned",
    "tier_earned",
    "redeemed",
    "redeemed_item",
    "voided",
    "welcome",
    "gift_stamps",
    "gift_reward",
    "birthday",
    "goodwill",
    "adjusted",
    "adjusted_reward",
    "expired_stamps",
    "expired_rewards",
    "tier_kept",
    "already_counted",
)
# Why something may not happen, or happened although it should not have.
OBJECTIONS = (
    "too_soon",
    "daily_limit",
    "visit_limit",
    "no_reward",
    "already_redeemed",
    "receipt_used",
    "already_voided",
    "unknown_ref",
    "not_voidable",
    "card_replaced",
    "programme_ended",
    "overdrawn",
    "below_zero",
    "clock_skew",
    "offline_never",
    "own_card",
    "unknown_item",
    "unknown_reward",
    "amount_needed",
    "no_amount_counted",
    "voucher_used",
    "voucher_expired",
    "voucher_withdrawn",
    "voucher_not_for_this_card",
)
# Why a line that counted looks odd beside others.
LOOKS_ODD = ("card_hour", "card_day", "staff_hour")
# Why a claim was set aside for the owner.
SET_ASIDE = ("unknown_card", "revoked_till", "id_reuse", "bad_event")

CODES = HAPPENED + OBJECTIONS + LOOKS_ODD + SET_ASIDE
