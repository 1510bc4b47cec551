"""What each command does, one module a family; `territory.cli` only parses and prints."""
