"""How patient the tests are."""

from dataclasses import replace

from bot.analysis.ailab.client import Patience

BRISK = Patience(retry_for=0.3, total=20.0, first_wait=0.01, longest_wait=0.05, jitter=0.01)
CURT = replace(BRISK, read=0.5, call=0.8)  # for a vendor that keeps silent
