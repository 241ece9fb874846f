"""The database: tables, sealed columns, and the verbs that the rooms above know."""

from bot.storage.opening import open_store
from bot.storage.store import Store

__all__ = ["Store", "open_store"]
