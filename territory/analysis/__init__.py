"""Pure functions, one question each."""
