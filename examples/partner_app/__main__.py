"""Starts the app: ``python -m examples.partner_app``."""

import logging
import os
import signal
from contextlib import ExitStack
from urllib.parse import urlsplit

import click
from werkzeug.serving import make_server

from examples.partner_app import create_app, hook, local
from examples.partner_app.settings import Settings


def main() -> None:
    """Serve until Ctrl-C. Without GOCARDLESS_CLIENT_ID this is a trial run at the embedded sandbox."""
    logging.basicConfig(level=logging.INFO)
    for stopping in (signal.SIGINT, signal.SIGTERM):  # named, because a shell's background job begins with Ctrl-C ignored
        signal.signal(stopping, signal.default_int_handler)
    with ExitStack() as stack:
        settings = local.settings(stack)
        app = create_app(settings)
        place = urlsplit(settings.public_url)
        server = make_server("127.0.0.1", int(os.environ.get("PORT") or place.port or 5050), app, threaded=True)
        processor = app.extensions["partner_app"].processor
        processor.start()
        stack.callback(processor.stop)
        click.echo(welcome(settings))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopping.")


def welcome(settings: Settings) -> str:
    lines = [
        f"Example partner  {settings.public_url}",
        f"GoCardless       {settings.connect_url}",
        f"Redirect URI     {settings.redirect_uri}",
        f"Webhook URL      {settings.webhook_url}",
        *(
            [f"Test hook        {settings.public_url}/test-hook, {hook.HEADER}: {settings.test_key}"]
            if settings.test_key
            else []
        ),
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
