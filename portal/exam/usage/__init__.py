"""Use of the API, as the sandbox saw it: headers, keys, patience, and what becomes of errors."""

from portal.exam.usage import ending, failing, features, reading, refusing, tour

CHECKS = (*tour.CHECKS, *features.CHECKS, *failing.CHECKS, *refusing.CHECKS, *reading.CHECKS, *ending.CHECKS)
EXPERIMENTS = (*tour.EXPERIMENTS, *failing.EXPERIMENTS, *refusing.EXPERIMENTS, *reading.EXPERIMENTS, *ending.EXPERIMENTS)
