"""The blueprint on which all pages of the staff desk hang."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")
