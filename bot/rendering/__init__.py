"""From a view to text and buttons in a language: templates, catalogs, filters."""
