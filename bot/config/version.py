"""Which build this is."""

from importlib.metadata import PackageNotFoundError, version


def build_version() -> str:
    """The installed version; "source" where the code runs without being installed."""
    try:
        return version("skinbot")
    except PackageNotFoundError:
        return "source"
