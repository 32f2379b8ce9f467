"""The pages of the billing request run and of the payment insight."""

from flask import Blueprint

bp = Blueprint("payments", __name__)
