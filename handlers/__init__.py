"""What the bot hears: one module for each journey; every route stands in `routes`."""
