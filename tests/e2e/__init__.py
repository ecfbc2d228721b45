"""Tests with real programs: Home Assistant, a broker and a browser."""
