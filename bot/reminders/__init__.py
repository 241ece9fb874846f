"""Use case: a weekly reminder, asked for, set, sent at the right minute, snoozed, stopped."""
