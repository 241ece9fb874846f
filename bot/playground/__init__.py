"""A Telegram on loopback: the Bot API as a real server speaks it, people who use it, and a chat page."""
