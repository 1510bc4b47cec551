"""
Everything that can go wrong, as one tree.

TerritoryError
├── DataProblem            what was received must be corrected (exit code 1)
│   ├── UnreadableFile     not the file it claims to be
│   ├── UnknownKind        readable, but nothing here knows what it is
│   ├── MissingSource      a step needs a file that nobody gave yet
│   ├── RefusedFile        personal or sensitive columns: the whole file is turned away
│   └── BrokenTable        a table that does not keep its contract (columns, index, CRS)
├── RefusedExport          what would be published could reveal something (exit code 1)
├── WrongUsage             a request that makes no sense (exit code 2)
│   ├── Overtaken          somebody changed the same thing since it was read
│   ├── UnknownNode        a place outside the walking graph
│   └── BadSettings        territory.toml says something impossible
└── NoAnswer               the question has no answer, or none in the time given (exit code 3)
    └── Stopped            somebody asked for the end before the answer

Messages are French sentences meant for a coordinator: what, where, what to do.
"""

from __future__ import annotations


class TerritoryError(Exception):
    """Root of all errors raised on purpose by this package."""

    exit_code = 1


class DataProblem(TerritoryError):
    """What was received must be corrected before going on."""


class UnreadableFile(DataProblem):
    """A file that cannot be opened as what it claims to be."""


class UnknownKind(DataProblem):
    """A readable file of which no reader recognises the content."""


class MissingSource(DataProblem):
    """A step needs a file that nobody gave yet."""


class RefusedFile(DataProblem):
    """A file with personal or sensitive columns, refused as a whole."""


class BrokenTable(DataProblem, ValueError):
    """A table that does not keep its contract."""


class RefusedExport(TerritoryError):
    """A publication that could reveal something about people; nothing is written."""


class WrongUsage(TerritoryError):
    """A request that makes no sense, whatever the data."""

    exit_code = 2


class Overtaken(WrongUsage):
    """Somebody changed the same thing since it was read: nothing is written."""


class UnknownNode(WrongUsage, ValueError):
    """A node number outside the walking graph."""


class BadSettings(WrongUsage, ValueError):
    """A setting of territory.toml that cannot be."""


class NoAnswer(TerritoryError):
    """The question has no answer, or none was found in the time given."""

    exit_code = 3


class Stopped(NoAnswer):
    """Somebody asked for the end before the answer: nothing is half written."""
