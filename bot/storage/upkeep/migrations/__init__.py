"""Alembic's environment and the schema's history; run by `bot.storage.upkeep.migrating`."""
