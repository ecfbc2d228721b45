"""The pure rules, tested without Home Assistant."""
