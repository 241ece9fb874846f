"""The vendor's skin-analysis-advanced API: the call (client), its answers (envelope, parse), its errors (errors)."""
