"""The yearly report counted a second time, in SQL, from the definitions alone."""
