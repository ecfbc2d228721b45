"""What is refused of files with meter data, as `billing.reasons` says it."""
