"""How gunicorn serves the portal; everything that differs between places is a PORTAL_… setting."""

from portal.commands.listening import addresses, as_text
from portal.config import Settings

settings = Settings()
wsgi_app = "portal:create_app()"
bind = [as_text(*address) for address in addresses(settings.host, settings.port)]
worker_class = "gthread"
workers = settings.processes
threads = settings.threads
timeout = 60
graceful_timeout = 15
keepalive = 5
accesslog = None  # the portal writes one line a request itself
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
proc_name = "partner-portal"
