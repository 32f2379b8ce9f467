"""Callbacks: what the partner's product makes of those who come back from GoCardless, and of those who only pretend to."""

from portal.exam.nouns import Check, Experiment

__all__ = ["CHECKS", "EXPERIMENTS"]
CHECKS: tuple[Check, ...] = ()
EXPERIMENTS: tuple[Experiment, ...] = ()
