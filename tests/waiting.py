"""Waiting for something that another process or thread does, at a port that nobody uses."""

import socket
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(happened, *, seconds=30):
    """Ask again and again; raises AssertionError when it did not happen in time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
