"""The receiving endpoint and the pages of the log."""

from flask import Blueprint

bp = Blueprint("webhooks", __name__)
