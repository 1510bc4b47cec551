"""What people hold: maps, sheets, calendars, tables."""
