"""Rows of the pages: tables and answers to French text, pure functions without request."""
