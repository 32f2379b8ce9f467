"""The badge of a certificate: one small SVG, drawn from its state."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from portal.status import CertificateState

LEFT = "GoCardless partner"
WIDTH = 6.2
"""Pixels of an average letter at 11 pixels, in the typefaces named below."""
COLOURS = {CertificateState.VALID: "#12643c", CertificateState.SUSPENDED: "#a8201f", CertificateState.EXPIRED: "#5f6675"}


@dataclass(frozen=True, slots=True)
class Badge:
    state: CertificateState
    until: str
    """The day, in words."""

    @property
    def words(self) -> str:
        return f"certified until {self.until}" if self.state is CertificateState.VALID else f"certificate {self.state.value}"


def draw(badge: Badge) -> str:
    """Under 2 KB, without a script, a font or anything from elsewhere."""
    left, right = (round(len(text) * WIDTH) + 20 for text in (LEFT, badge.words))
    label = quoteattr(f"{LEFT}: {badge.words}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="28" role="img" aria-label={label}>'
        f"<title>{escape(LEFT)}: {escape(badge.words)}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="28" rx="5"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="28" fill="#14213d"/>'
        f'<rect x="{left}" width="{right}" height="28" fill="{COLOURS[badge.state]}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2}" y="18" textLength="{left - 20}">{escape(LEFT)}</text>'
        f'<text x="{left + right / 2}" y="18" textLength="{right - 20}">{escape(badge.words)}</text></g></svg>'
    )
