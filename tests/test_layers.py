"""Who may import whom (docs/architecture.md): the table, held against every import in the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "towerplus"

#: level 0, in order: each may import those before it
GROUND = ["errors", "records", "languages", "text", "metrics", "prompts"]
ALLOWED = {name: set(GROUND[: i + 1]) for i, name in enumerate(GROUND)}
LEVEL1 = {name: set(GROUND) | {name} for name in ("corpora", "verify", "engines")}
# the toy world admits only what its own checks pass
LEVEL1["corpora"].add("verify")
ALLOWED |= LEVEL1
ALLOWED |= {
    "curate": {*GROUND, "curate", "corpora"},
    "synthesize": {*GROUND, "synthesize", "engines", "verify"},
    "train": {*GROUND, "train", "engines", "verify"},
    "evaluate": {*GROUND, "evaluate", "corpora", "engines", "verify"},
    "report": {*GROUND, "report", "corpora", "verify", "engines"},
}
TOP = {"recipe", "pipeline", "artifact", "estimate", "api", "cli", "recipes"}


def imports(path: Path) -> set[str]:
    """The packages of towerplus that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "towerplus":
            names = [f"towerplus.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {name.split(".")[1] for name in names if name.startswith("towerplus.")}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_stay_within_their_level(path: Path) -> None:
    owner = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if owner in TOP or owner == "__init__":
        return
    assert owner in ALLOWED, f"{owner} stands in no row of the table"
    assert imports(path) <= ALLOWED[owner]


def test_the_table_would_notice() -> None:
    assert "engines" not in ALLOWED["curate"]
    assert "evaluate" not in ALLOWED["train"]


HEAVY = ("torch", "transformers", "numba", "pyarrow")


@pytest.mark.parametrize(
    "code",
    [
        "import towerplus.recipe",
        "from towerplus.recipe import load; load('tiny')",
        "from towerplus.cli import main\ntry:\n  main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_recipes_and_help_stay_light(code: str) -> None:
    probe = f"{code}\nimport sys\nprint('heavy:', [m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "heavy: []"
