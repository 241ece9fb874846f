"""Does it help me? A self-experiment: planned before its first photo, judged once, at its end."""
