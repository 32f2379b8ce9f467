"""Evidence files: what may come in, how it is made harmless, where it is kept and who may fetch it."""
