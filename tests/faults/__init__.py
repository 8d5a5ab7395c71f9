"""Trials of the service as it runs: killed, cut off, starved of disk, lied to (figures: docs/reliability.md)."""
