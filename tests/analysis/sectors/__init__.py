"""Tests of sectors."""
