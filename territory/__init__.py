"""Find underserved quarters, plan the week of maraudes and choose permanence sites."""

__version__ = "0.1.0"
