"""Everything that talks to other systems."""
