"""What a loyalty programme does: pure functions and frozen dataclasses, nothing but the standard library."""
