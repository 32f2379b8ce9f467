"""The page of code samples."""

from flask import Blueprint

bp = Blueprint("samples", __name__)
