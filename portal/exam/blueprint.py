"""The pages of the integration checks, and what programs ask of them."""

from flask import Blueprint

bp = Blueprint("exam", __name__)
