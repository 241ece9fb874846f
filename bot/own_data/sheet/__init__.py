"""The page for a doctor: chosen by taps, one side of A4, words and numbers laid out in vectors."""
