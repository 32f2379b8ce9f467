"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("identity", __name__)
