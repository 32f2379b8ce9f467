"""The pages of partner apps and of going live."""

from flask import Blueprint

bp = Blueprint("apps", __name__)
