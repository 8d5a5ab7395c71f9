"""SQL, and nothing but: one file per noun."""
