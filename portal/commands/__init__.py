"""What can be said on the command line, one file a command."""

from portal.commands.assets import assets
from portal.commands.backup import backup
from portal.commands.demo import demo
from portal.commands.init import init
from portal.commands.run import run
from portal.commands.serve import serve
from portal.commands.staff import staff
from portal.commands.worker import worker

COMMANDS = (run, serve, worker, init, demo, staff, assets, backup)
