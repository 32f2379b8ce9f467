"""The list of runs, one run, two side by side."""

from flask import Blueprint

bp = Blueprint("runs", __name__)
