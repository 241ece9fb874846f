"""Use case: a person's own data: seen, taken along, given up; and what goes by itself."""
