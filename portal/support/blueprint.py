"""The one blueprint of cases, for the partner's pages and the desk's."""

from flask import Blueprint

bp = Blueprint("support", __name__)
