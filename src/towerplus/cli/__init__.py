"""The `tower` command. Each file holds one group of verbs; none holds logic. Heavy imports wait inside the verbs."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. Errors of the user are one line on standard error and exit code 2."""
    # before torch loads: small models are slower with more threads, and tokenizers warns when it forks
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from towerplus.cli.app import app
    from towerplus.errors import UserError

    try:
        app(arguments)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted; the same command takes it up again", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
