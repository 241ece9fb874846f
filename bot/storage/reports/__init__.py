"""Rows of reports: asked for, answered, shown again, compared."""
