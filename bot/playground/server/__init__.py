"""The Bot API of the loopback Telegram: its methods, files, updates and people."""
