"""Changing a whole database: migrations, backup, restore, new keys, the move to PostgreSQL."""
