"""Tests of reading meter-data files."""
