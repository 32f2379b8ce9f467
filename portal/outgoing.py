"""HTTP requests to addresses that a person typed: the only place that sends them, and only to public ones."""
