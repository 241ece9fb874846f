"""How patient the tests are."""

from dataclasses import replace

from bot.analysis.ailab.client import Patience

BRISK = Patience(retry_for=20.0, total=60.0, first_wait=0.01, longest_wait=0.05, jitter=0.01)  # on a busy machine too
HASTY = replace(BRISK, retry_for=1.5, first_wait=0.1, longest_wait=0.5)  # for what goes on until time is up
CURT = replace(BRISK, read=0.5, call=0.8)  # for a vendor that keeps silent
