"""The one blueprint of leads, for the partner's pages and for those of sales."""

from flask import Blueprint

bp = Blueprint("leads", __name__)
