"""Use case: a selfie becomes a report (desk, production), and past reports are shown again (past)."""
