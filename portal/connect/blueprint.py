"""The pages of the connect test, and the callback that a merchant returns to."""

from flask import Blueprint

bp = Blueprint("connect", __name__)
