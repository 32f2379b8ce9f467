"""Every check and every experiment, in the order in which they are made: what a check needs stands before it."""

from collections.abc import Mapping

from portal.exam import callbacks, endpoint, links, usage
from portal.exam.nouns import Check, Experiment

SUITE_VERSION = "2026-11-21"
"""Changes whenever a check comes, goes or means something else."""
CHECKS: tuple[Check, ...] = (*links.CHECKS, *callbacks.CHECKS, *endpoint.CHECKS, *usage.CHECKS)
EXPERIMENTS: tuple[Experiment, ...] = (*links.EXPERIMENTS, *callbacks.EXPERIMENTS, *endpoint.EXPERIMENTS, *usage.EXPERIMENTS)
BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}
BY_NAME: Mapping[str, Experiment] = {experiment.name: experiment for experiment in EXPERIMENTS}
