"""Runs migrations on the connection, and in the transaction, that `bot.storage.upkeep.migrating` opened."""

from alembic import context

from bot.storage.engine.indexes import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
