"""Self-experiments: does it help me? Planned before the first photo, judged at the end."""
