"""The rules of the house (README, “house rules”), each held by a test."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation

ROOT = Path(settings.BASE_DIR)
ENFILADE = ["officehub", "documents", "meetings", "tasks", "supervision"]  # each opens only onto those before it
FLOOR = [config.name for config in apps.get_app_configs() if config.name.startswith("officehub.")]
OURS = [config for config in apps.get_app_configs() if config.name.partition(".")[0] in ENFILADE]
FORBIDDEN_NAMES = {"services", "service", "utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
REFERENCE = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
URL = re.compile(r"{%-?\s*url\s+[\"']([^\"']+)[\"']")


def room_of(dotted: str) -> int:
    """How far down the enfilade something lives; what is no room of ours stands before the first."""
    first = dotted.partition(".")[0]
    return ENFILADE.index(first) if first in ENFILADE else -1


@cache
def modules() -> dict[Path, ast.Module]:
    found = {}
    for room in ENFILADE:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found[path.relative_to(ROOT)] = ast.parse(path.read_text())
    return found


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_imports_keep_to_the_contracts():
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_foreign_keys_go_left_only():
    turned = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for config in OURS
        for model in config.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        if room_of(type_of(field.related_model)) > room_of(config.name)
    ]
    assert turned == []


def type_of(model) -> str:
    return apps.get_app_config(model._meta.app_label).name


def test_foreign_keys_on_the_floor_keep_its_order():
    order = ["people", "workdays", "audit", "inbox", "notifications", "files", "approvals", "web"]
    turned = [
        f"{model._meta.label}.{field.name}"
        for config in OURS
        if config.name in FLOOR
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        if field.related_model._meta.app_label in order
        if order.index(field.related_model._meta.app_label) > order.index(config.label)
    ]
    assert turned == []


def templates() -> dict[Path, str]:
    return {path.relative_to(ROOT / "templates"): path.read_text() for path in (ROOT / "templates").rglob("*.html")}


def room_of_template(name: str) -> int:
    """Templates of the floor lie in folders that are no room: components, web, admin, django, and the root."""
    return max(room_of(name.partition("/")[0]), 0)


def test_templates_include_and_extend_left_only():
    turned = [
        f"{path} -> {name}"
        for path, text in templates().items()
        for name in REFERENCE.findall(text)
        if room_of_template(name) > room_of_template(str(path))
    ]
    assert turned == []


def room_of_url(name: str) -> int:
    """The room whose urls.py names an address (`documents:paper` by its namespace, else by the table it is in)."""
    if ":" in name:
        return max(room_of(name.partition(":")[0]), 0)
    return next((at for at, room in enumerate(ENFILADE) if name in url_names(room)), 0)


@cache
def url_names(room: str) -> set[str]:
    tables = (ROOT / room).rglob("urls.py")
    return set(re.findall(r"name=[\"']([\w-]+)[\"']", "".join(path.read_text() for path in tables)))


def test_templates_name_addresses_left_only():
    turned = [
        f"{path} -> {name}"
        for path, text in templates().items()
        for name in URL.findall(text)
        if room_of_url(name) > room_of_template(str(path))
    ]
    assert turned == []


def test_every_template_named_exists():
    known = {str(path) for path in templates()}
    missing = [
        f"{path} -> {name}"
        for path, text in templates().items()
        for name in REFERENCE.findall(text)
        if name not in known and not name.startswith(("admin/", "django/"))
    ]
    assert missing == []


def test_only_hubs_make_hubs():
    made = [
        str(path)
        for path, tree in modules().items()
        if path.name != "hub.py"
        and any(isinstance(node, ast.Call) and called(node) == "Hub" for node in ast.walk(tree))
    ]
    assert made == []


def test_each_hub_tells_of_itself_by_one_name():
    hubs = [path for path in modules() if path.name == "hub.py"]
    without = [str(path) for path in hubs if "hub = Hub(" not in (ROOT / path).read_text()]
    assert (bool(hubs), without) == (True, [])


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_no_module_is_named_for_nothing_in_particular():
    named = [str(path) for path in modules() if FORBIDDEN_NAMES & {path.stem, *path.parent.parts}]
    assert named == []


def test_jobs_live_in_jobs_and_say_their_names():
    wrong = []
    for path, tree in modules().items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for decorator in function.decorator_list:
                call = decorator.func if isinstance(decorator, ast.Call) else decorator
                if ast.unparse(call).rpartition(".")[2] not in ("shared_task", "task"):
                    continue
                named = isinstance(decorator, ast.Call) and any(word.arg == "name" for word in decorator.keywords)
                if path.name != "jobs.py" or not named:
                    wrong.append(f"{path}: {function.name}")
    assert wrong == []


def test_no_module_of_jobs_is_called_tasks():
    assert [str(path) for path in modules() if path.name == "tasks.py"] == []


def test_every_scheduled_job_exists():
    from officehub.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()


def test_only_people_grants_speaks_guardian():
    speaking = [
        str(path)
        for path, tree in modules().items()
        if any(name.partition(".")[0] == "guardian" for name in imported(tree))
    ]
    assert speaking == ["officehub/people/grants.py"]


def test_generic_relations_live_on_the_floor():
    generic = {
        type_of(model).partition(".")[0]
        for config in OURS
        for model in config.get_models()
        for field in [*model._meta.private_fields, *model._meta.get_fields()]
        if isinstance(field, (GenericForeignKey, GenericRelation))
    }
    assert generic == {"officehub"}


def test_every_package_opens_with_what_it_is_for():
    """Two sentences at least, in the package's own file."""
    rooms = [*ENFILADE, *(name.replace(".", "/") for name in FLOOR)]
    bare = [
        room
        for room in rooms
        if len(re.findall(r"[.;](?:\s|$)", ast.get_docstring(modules()[Path(room) / "__init__.py"]) or "")) < 2
    ]
    assert bare == []


@pytest.mark.parametrize("banned", ["datetime.now", "date.today", "time.time", "timezone.now", "localdate()"])
def test_the_clock_is_read_at_the_door(banned):
    """Views, jobs, commands and the administrators' pages read the clock; everything below is handed `now`."""
    doors = ("views", "commands", "jobs.py", "admin", "admin.py", "admin_pages.py", "context.py", "celery.py")
    reading = [
        str(path)
        for path, tree in modules().items()
        if not set(doors) & set(path.parts)
        if any(isinstance(node, ast.Call) and ast.unparse(node).startswith(banned) for node in ast.walk(tree))
    ]
    assert [path for path in reading if path not in CLOCKS] == []


CLOCKS = {  # what may look at a clock below the doors, and why
    "documents/search.py",  # the search box asks every room by (person, words, limit): it is a door itself
    "tasks/search.py",  # the same
    "officehub/prepare.py",  # prepares the machine before there is an application
}


def test_a_change_of_direction_would_be_found():
    assert room_of("documents.models") > room_of("officehub.people")
    assert room_of("django.contrib.auth") < room_of("officehub")
    assert room_of_template("documents/paper.html") > room_of_template("components/card.html")
