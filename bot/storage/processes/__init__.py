"""What several processes share: locks, and the queue of jobs."""
