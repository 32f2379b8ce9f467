"""Where the pages of this room hang."""

from flask import Blueprint

bp = Blueprint("exports", __name__)
