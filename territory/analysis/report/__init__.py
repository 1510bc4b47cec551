"""The yearly report: lines of the log to figures, each with its definition, and guards on them."""
