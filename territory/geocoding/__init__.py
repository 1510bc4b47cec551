"""Addresses to points with the address file at hand; nothing here opens the network."""
