"""One file per resource: its fields, its routes and how it behaves."""
