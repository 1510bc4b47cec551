"""The week: calendar, team rules and rounds."""
