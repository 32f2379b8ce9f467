"""The page of API keys."""

from flask import Blueprint

bp = Blueprint("keys", __name__)
