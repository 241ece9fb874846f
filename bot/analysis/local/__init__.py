"""The on-device analyzer: what one photo can honestly give, measured by this machine alone.

What needs numpy or LiteRT is imported after the start, or by the first photo; without that extra, never.
"""

from bot.analysis.local.analyzer import InThread, LocalAnalyzer, is_installed
from bot.analysis.local.looking import FirstLook, Seen

__all__ = ["FirstLook", "InThread", "LocalAnalyzer", "Seen", "is_installed"]
