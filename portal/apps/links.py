"""An authorise link or a redirect URI of the partner's own product, pasted to be checked."""

from urllib.parse import parse_qs, urlsplit

from portal.apps.surroundings import Ask


def ask_of(pasted: str) -> Ask:
    """What a pasted text asks for: an authorise link is taken apart, anything else is a redirect URI. Empty: what the portal asks for."""
    text = pasted.strip("\r\n\t ")
    try:
        parts = urlsplit(text)
        sent = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True, max_num_fields=100).items()}
    except ValueError:
        return Ask(redirect_uri=text)
    if not {"client_id", "redirect_uri", "response_type"} & sent.keys():
        return Ask(redirect_uri=text)
    return Ask(
        redirect_uri=sent.get("redirect_uri", ""),
        scope=sent.get("scope", ""),
        client_id=sent.get("client_id", ""),
        link={**sent, "url": f"{parts.scheme}://{parts.netloc}{parts.path}"},
    )
