"""Who is really asking, when proxies stand in front: believed from as many of them as are configured, from none otherwise."""

from werkzeug.middleware.proxy_fix import ProxyFix

from portal.web import Portal


def init_app(app: Portal) -> None:
    """Address and scheme only: the host comes from the request itself, and links in mails from the settings."""
    if hops := app.settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # how WSGI middleware is put around Flask
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0
        )
