"""The `tower` command. Each file holds one group of verbs; none holds logic. Heavy imports wait inside the verbs."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. Errors of the user are one line on standard error and exit code 2."""
    # before torch loads: small models are slower with more threads, and tokenizers warns when it forks
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from typer import Abort

    from towerplus.cli.app import app
    from towerplus.errors import UserError

    try:
        given = sys.argv[1:] if arguments is None else arguments
        code = app(given or ["--help"], standalone_mode=False)
    except UserError as error:
        _fail(str(error))
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a file or a network that is not as it should be is no bug of ours
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    except Exception as error:
        if not hasattr(error, "format_message"):  # what typer raises for options and arguments that do not fit
            raise
        _fail(error.format_message())
    if code == INTERRUPTED:
        print("interrupted; the same command takes it up again", file=sys.stderr)
    sys.exit(code)


def _fail(message: str) -> NoReturn:
    print("error:", " ".join(message.split("\n")), file=sys.stderr)
    sys.exit(2)
