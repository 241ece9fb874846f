"""Rows about people: consent, settings, what was sent to them, who was erased."""
