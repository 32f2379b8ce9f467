"""The webhook endpoint: genuine webhooks come in, forged ones do not, and each event is acted on once."""

from portal.exam.endpoint import first, forging, leaving, repeating, routing, variants

CHECKS = (*first.CHECKS, *forging.CHECKS, *variants.CHECKS, *repeating.CHECKS, *routing.CHECKS, *leaving.CHECKS)
EXPERIMENTS = (
    *first.EXPERIMENTS,
    *forging.EXPERIMENTS,
    *variants.EXPERIMENTS,
    *repeating.EXPERIMENTS,
    *routing.EXPERIMENTS,
    *leaving.EXPERIMENTS,
)
