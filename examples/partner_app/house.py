"""What every page of a running app needs."""

from dataclasses import dataclass

from flask import current_app

from examples.partner_app.events import Processor
from examples.partner_app.settings import Settings
from examples.partner_app.store import Store


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    store: Store
    processor: Processor


def here() -> House:
    made: House = current_app.extensions["partner_app"]
    return made
