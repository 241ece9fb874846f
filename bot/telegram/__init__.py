"""Everything that speaks with Telegram; above it only records and errors of ours are known."""
