"""What a template gets to see: one frozen record for each message, and nothing else."""
