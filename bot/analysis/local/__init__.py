"""The on-device analyzer: what one photo can honestly give, measured by this machine alone.

What needs numpy or dlib is imported by the first photo: a bot that pays for its analyses never loads them.
"""

from bot.analysis.local.analyzer import InThread, LocalAnalyzer, is_installed
from bot.analysis.local.looking import FirstLook, Seen

__all__ = ["FirstLook", "InThread", "LocalAnalyzer", "Seen", "is_installed"]
