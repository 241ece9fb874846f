"""Running the bot: health, figures, alerts to the admins, and the small HTTP server behind them."""
