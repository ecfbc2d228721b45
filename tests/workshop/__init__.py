"""Tests of the repository itself: its structure, translations and settings."""
