"""Backup and restore: a shop comes back as it was, from either database, or stays as it is; never something between."""
