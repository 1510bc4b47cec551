"""Rounds: which visits, by whom, when, in which order."""
