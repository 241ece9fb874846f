"""Databases that earlier versions left; tests/journeys/test_earlier_databases.py brings each to the newest schema.

python -m tests.unit.storage.databases.made VERSION     # with a release: keep today's, too
"""
