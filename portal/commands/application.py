"""The portal for a command; a wrong setting is told in words."""

import click
from pydantic import ValidationError

from portal import create_app
from portal.config import Settings
from portal.web import Portal


def settings() -> Settings:
    """The settings from the environment. Raises a ClickException that names what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        reasons = "\n".join(f"  {_name(problem['loc'])}{problem['msg']}" for problem in error.errors())
        raise click.ClickException(
            f"The settings are not complete:\n{reasons}\nFor a trial on this machine set PORTAL_ENVIRONMENT=development."
        ) from error


def _name(where: tuple[int | str, ...]) -> str:
    return f"PORTAL_{'_'.join(map(str, where)).upper()}: " if where else ""


def application() -> Portal:
    return create_app(settings())
