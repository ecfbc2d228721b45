"""Tests of the LEG Invoicing integration."""
