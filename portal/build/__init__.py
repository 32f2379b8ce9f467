"""Build: the ten certification sections, from the first answer to the submission."""
