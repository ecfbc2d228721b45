"""The rules of energy and money, free of Home Assistant.

Everything in this package is a pure function of its arguments: measurements,
tariffs and agreements in, statements and findings out. Nothing here reads a
clock, opens a file or computes with binary floating point.
"""
