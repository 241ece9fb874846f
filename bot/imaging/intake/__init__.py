"""From the bytes a person sent to a clean, upright photo. Strangers' bytes: only worker processes come in here."""
