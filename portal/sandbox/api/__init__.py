"""The REST API: a request's envelope in, a behaviour called, an envelope or an error out."""
