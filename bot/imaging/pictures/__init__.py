"""What is drawn for a person: marks on their photo, redness, two photos side by side, charts."""
