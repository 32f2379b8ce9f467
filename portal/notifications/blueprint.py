"""Where the pages of this room hang."""

from flask import Blueprint

bp = Blueprint("notifications", __name__)
