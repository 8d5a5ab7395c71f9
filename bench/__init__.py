"""How fast Tenth is, as ratios measured in one run beside the goals: `python -m bench`."""
