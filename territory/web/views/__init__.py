"""Rows of the pages, made of products and plans: no file, no request."""
