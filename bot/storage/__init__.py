"""The database: tables, sealed columns, and the verbs that the rooms above know."""

from bot.storage.store import Store, open_store

__all__ = ["Store", "open_store"]
