"""What the operator sees: log lines without anybody in them, and metrics."""
