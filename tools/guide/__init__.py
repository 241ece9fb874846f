"""People and things drawn from smooth shapes."""
