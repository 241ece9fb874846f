"""Use case: what a person tells of their skin from week to week: how it feels, and what they use for it."""
