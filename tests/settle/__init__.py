"""Tests of the command that settles files."""
