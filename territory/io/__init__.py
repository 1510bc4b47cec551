"""Files to tables and tables to files; the only part that touches the disk for data."""
