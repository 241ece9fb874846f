"""The databases of the storage's tests."""

from tests.unit.storage.conftest import (  # noqa: F401 - fixtures
    ana,
    ben,
    database,
    keyring,
    postgres_scratch,
    postgres_url,
    sqlite_url,
    store,
    url,
)
