"""A person who writes: whether they agreed, how they are spoken to, and when they cannot be reached."""
