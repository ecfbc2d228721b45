"""A community whose meters, broker and Home Assistant misbehave, on a fast clock.

What the meters really counted is known to the last mWh. At the end it is compared
with what was billed.
"""
