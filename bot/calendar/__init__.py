"""Where people are, as far as a clock needs it: cities, time zones, latitudes. Nothing of it is stored but a zone."""
