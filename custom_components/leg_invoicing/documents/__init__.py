"""Issued invoices and terms as bytes: PDF, CSV, JSON, YAML.

Everything in this package is a pure function: the same invoice gives the same
bytes, in every process and every time zone. Nothing is decided here; documents
print what the billing rules found, in the words of whoever receives them.
"""
