"""Commands called in this process, as a user would: exit code, stdout and stderr."""

from typer.testing import CliRunner

import run as command_line


def call(*arguments, app=command_line.app):
    return CliRunner().invoke(app, [str(part) for part in arguments])
