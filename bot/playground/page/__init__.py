"""The chat page of the loopback Telegram, as a browser gets it."""
