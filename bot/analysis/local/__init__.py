"""The on-device analyzer: what one photo can honestly give, measured by this machine alone.

What needs Pillow, numpy or LiteRT is imported by the worker processes, and by the bot itself never.
"""

from bot.analysis.local.analyzer import LocalAnalyzer, Measure, Measured, is_installed

__all__ = ["LocalAnalyzer", "Measure", "Measured", "is_installed"]
