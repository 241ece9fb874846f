"""What the bot thinks: from a photo to a report, and what is kept of it."""
