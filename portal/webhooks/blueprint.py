"""The pages of the log, and what programs ask of it."""

from flask import Blueprint

bp = Blueprint("webhooks", __name__)
