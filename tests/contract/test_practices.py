"""What every practice keeps to, whoever wrote it: run over all that are registered."""

import ast
import importlib
import inspect
import tomllib
from pathlib import Path

import pytest

from goldthread.record.practice import Practice, practices, register

ROOT = Path(__file__).resolve().parent.parent.parent
SHAPE = ("practice.py", "models", "actions", "queries", "measures", "evidence", "hazards.toml")

pytestmark = pytest.mark.parametrize("practice", practices(), ids=lambda practice: practice.slug)


def package_of(practice: Practice):
    return importlib.import_module(practice.points.__module__.rpartition(".")[0])


def folder_of(practice: Practice) -> Path:
    return Path(package_of(practice).__file__).parent


def events_in(source: str) -> set[str]:
    """Every kind of event that some source leaves."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "leave"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_manifest_is_complete(practice):
    assert practice.title
    assert practice.decisions
    assert practice.measures
    assert practice.objects
    assert all(kind.outcomes and kind.positive <= set(kind.outcomes) for kind in practice.decisions)
    assert "noted" not in {outcome for kind in practice.decisions for outcome in kind.outcomes}


def test_the_folder_has_the_shape_of_every_practice(practice):
    there = {path.name for path in folder_of(practice).iterdir()}
    missing = [name for name in SHAPE if name not in there and f"{name}.py" not in there]
    assert not missing
    assert (package_of(practice).__doc__ or "").strip()


def test_every_action_is_keyword_only_and_takes_who_and_when(practice):
    actions = importlib.import_module(f"{package_of(practice).__name__}.actions")
    for name in actions.__all__:
        if name == "on_decided":
            continue
        parameters = inspect.signature(getattr(actions, name)).parameters
        assert {"by", "at"} <= set(parameters), name
        assert all(one.kind is one.KEYWORD_ONLY for one in parameters.values()), name


def test_every_query_takes_a_viewer(practice):
    queries = importlib.import_module(f"{package_of(practice).__name__}.queries")
    for name in queries.__all__:
        found = getattr(queries, name)
        if inspect.isfunction(found):
            assert "viewer" in inspect.signature(found).parameters, name


def test_every_action_leaves_an_event_and_every_event_is_declared(practice):
    actions = importlib.import_module(f"{package_of(practice).__name__}.actions")
    for name in actions.__all__:
        source = inspect.getsource(inspect.unwrap(getattr(actions, name)))
        # Deciding leaves the record's event and, through on_decided, the practice's.
        assert events_in(source) or "decisions.decide(" in source, f"{name} leaves no event"
    folder = folder_of(practice) / "actions"
    files = folder.glob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    left = set().union(*(events_in(path.read_text(encoding="utf-8")) for path in files))
    assert left == practice.events


def test_every_hazard_names_a_test_that_is_there(practice):
    hazards = tomllib.loads((folder_of(practice) / "hazards.toml").read_text(encoding="utf-8"))["hazard"]
    assert hazards
    for hazard in hazards:
        assert {"id", "title", "cause", "effect", "severity", "likelihood", "control", "test"} <= set(hazard)
        path, _, name = hazard["test"].partition("::")
        functions = {
            one.name
            for one in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            if isinstance(one, ast.FunctionDef)
        }
        assert name in functions, hazard["id"]


def test_it_has_a_page_of_documentation(practice):
    assert (ROOT / "docs" / practice.docs).is_file()


def test_a_name_is_taken_once(practice):
    with pytest.raises(ValueError, match="taken"):
        register(Practice(practice.slug, "Another", practice.describe, practice.points, practice.claims))
