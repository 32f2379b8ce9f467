"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")
