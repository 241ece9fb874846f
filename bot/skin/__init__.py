"""The domain: what was measured (analysis), and what is told about it (assess). Pure, no library."""
