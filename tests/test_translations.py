"""Everything that is shown to people is there in every language."""

import ast
from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
from probatio import Required
import pytest

from custom_components.leg_invoicing import (
    backfill_flow,
    benefit_settings,
    bill_settings,
    binary_sensor,
    change_form,
    forms,
    house_fields,
    import_forms,
    meter_fields,
    point_flow,
    repairs,
    sensor_descriptions,
    services,
    sharing_settings,
    signal_import_flow,
    tariff_fields,
)
from custom_components.leg_invoicing.billing.agreements import LANGUAGES
from custom_components.leg_invoicing.billing.meters import Role, ShareBy

FOLDER = Path(forms.__file__).parent
ENGLISH = json.loads((FOLDER / "translations/en.json").read_text())
HOUSE = ENGLISH["config_subentries"]["house"]
METER = ENGLISH["config_subentries"]["meter"]

COMMUNITY_FIELDS = forms.community_fields([])
OCCUPANT_FIELDS = house_fields.occupant_fields([])
METER_FIELDS = house_fields.meter_fields([])


def assignment_fields() -> forms.Fields:
    """Return all that is asked about whose a meter is, in the order of their texts."""
    of_house, of_area = (
        meter_fields.assignment_fields(role, [], [], [], is_new=True)
        for role in (Role.PV, Role.COMMON_AREA)
    )
    (first, *_), (second, *rest) = of_house, of_area
    return {
        first: of_house[first],
        second: of_area[second],
        **{field: of_area[field] for field in rest},
    }


def texts(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Return all texts of a translation by their path."""
    for key, value in node.items():
        if isinstance(value, str):
            yield f"{path}{key}", value
        else:
            yield from texts(value, f"{path}{key}.")


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (ENGLISH["config"]["step"]["user"], COMMUNITY_FIELDS),
        (ENGLISH["config"]["step"]["reconfigure"], COMMUNITY_FIELDS),
        (ENGLISH["config"]["step"]["issuer"], forms.ISSUER_FIELDS),
        (ENGLISH["config"]["step"]["tariff"], forms.tariff_fields("ct/kWh")),
        (ENGLISH["options"]["step"]["backfill"], backfill_flow.BACKFILL_FIELDS),
        (ENGLISH["options"]["step"]["issuer"], forms.ISSUER_FIELDS),
        (ENGLISH["options"]["step"]["bill"], bill_settings.BILL_FIELDS),
        (
            ENGLISH["options"]["step"]["prices"],
            tariff_fields.tariff_version_fields("ct/kWh", {}),
        ),
        (ENGLISH["options"]["step"]["import"], import_forms.UPLOAD_FIELDS),
        (ENGLISH["options"]["step"]["signals"], signal_import_flow.SIGNAL_FIELDS),
        (ENGLISH["options"]["step"]["layout"], import_forms.layout_fields([], [])),
        (ENGLISH["options"]["step"]["benefits"], benefit_settings.BENEFIT_FIELDS),
        (ENGLISH["options"]["step"]["allocation"], point_flow.ALLOCATION_FIELDS),
        (HOUSE["step"]["user"], METER_FIELDS),
        (HOUSE["step"]["meters"], METER_FIELDS),
        (HOUSE["step"]["occupant"], OCCUPANT_FIELDS),
        (HOUSE["step"]["details"], house_fields.agreement_fields([])),
        (HOUSE["step"]["change_of_occupant"], OCCUPANT_FIELDS),
        (HOUSE["step"]["move_out"], house_fields.DAY_FIELDS),
        (HOUSE["step"]["owner"], house_fields.owner_fields([])),
        (HOUSE["step"]["leave"], house_fields.DAY_FIELDS),
        (METER["step"]["user"], meter_fields.METER_FIELDS),
        (METER["step"]["registers"], meter_fields.register_fields(Role.PV, [])),
        (METER["step"]["formula"], meter_fields.formula_fields([])),
        (METER["step"]["assignment"], assignment_fields()),
        (METER["step"]["parts"], meter_fields.part_fields(ShareBy.EQUAL, [])),
        (METER["step"]["users"], meter_fields.user_fields([], [])),
        (ENGLISH["options"]["step"]["sharing"], sharing_settings.SHARING_FIELDS),
        (
            ENGLISH["options"]["step"]["sharing_order"],
            sharing_settings.order_fields({}),
        ),
    ],
)
def test_fields(step: Mapping[str, Any], fields: forms.Fields) -> None:
    """Every field has a name and says what to enter; nothing else is named."""
    assert list(step["data"]) == list(fields)
    assert list(step["data_description"]) == list(fields)


@pytest.mark.parametrize(
    ("key", "options"),
    [
        (field.config["translation_key"], field.config["options"])
        for field in (
            *COMMUNITY_FIELDS.values(),
            *import_forms.UPLOAD_FIELDS.values(),
            *import_forms.layout_fields([], []).values(),
            *point_flow.ALLOCATION_FIELDS.values(),
            sharing_settings.SHARING_FIELDS["allocation"],
            meter_fields.METER_FIELDS["meter_role"],
            assignment_fields()["share_by"],
        )
        if field.config.get("translation_key")
    ],
)
def test_options(key: str, options: list[str]) -> None:
    """Every choice of a list has a name."""
    assert list(ENGLISH["selector"][key]["options"]) == options


def test_sensors() -> None:
    """Every sensor has a name and an icon."""
    described = (
        *sensor_descriptions.HOUSE_SENSORS,
        *sensor_descriptions.COMMUNITY_SENSORS,
    )
    keys = [description.key for description in described]
    icons = json.loads((FOLDER / "icons.json").read_text())

    assert list(ENGLISH["entity"]["sensor"]) == keys
    assert list(icons["entity"]["sensor"]) == keys
    described = (
        *binary_sensor.HOUSE_BINARY_SENSORS,
        *binary_sensor.COMMUNITY_BINARY_SENSORS,
    )
    keys = [description.key for description in described]
    assert list(ENGLISH["entity"]["binary_sensor"]) == keys
    assert list(icons["entity"]["binary_sensor"]) == keys
    assert list(icons["services"]) == list(ENGLISH["services"])


def test_actions() -> None:
    """Every action that is registered is described."""
    assert set(ENGLISH["services"]) == {name for name, *_ in services._ACTIONS}


def test_forms_of_actions() -> None:
    """The form of an action asks for what the action takes."""
    described = load_yaml_dict(str(FOLDER / "services.yaml"))

    assert list(described) == [name for name, *_ in services._ACTIONS]
    for name, _, schema, _ in services._ACTIONS:
        fields = described[name]["fields"]
        assert list(fields) == [str(key) for key in schema.schema]
        assert list(fields) == list(ENGLISH["services"][name]["fields"])
        needed = {str(key) for key in schema.schema if isinstance(key, Required)}
        assert {key for key in fields if fields[key]["required"]} == needed


@pytest.mark.parametrize("issue", repairs.DECISIONS)
def test_repairs_that_ask(issue: str) -> None:
    """Every choice of a repair has a name and a form, and every refusal a text."""
    flow = ENGLISH["issues"][issue]["fix_flow"]
    choices = list(repairs.DECISIONS[issue])

    assert list(flow["step"]["init"]["menu_options"]) == choices
    assert set(flow["step"]) == {"init", *choices} - {"wait"}
    step = flow["step"]["meter_replaced"]
    assert list(step["data"]) == list(change_form.CHANGE_FIELDS)
    assert list(step["data_description"]) == list(change_form.CHANGE_FIELDS)
    for key, text in flow["error"].items():
        if key != "number_invalid":
            assert text == ENGLISH["exceptions"][key]["message"]


def constant(node: ast.expr) -> Any:
    """Return the value of a constant, and None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def calls(tree: ast.AST) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Return the calls in a module, with those arguments that are constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield (
                ast.unparse(node.func),
                [constant(argument) for argument in node.args],
                {k.arg: constant(k.value) for k in node.keywords if k.arg},
            )


def test_errors_and_repairs() -> None:
    """Every error that is raised, and every repair, has a text."""
    raised, repairs = set(), set()
    for path in FOLDER.rglob("*.py"):
        for name, arguments, named in calls(ast.parse(path.read_text())):
            if name in {
                "CommitmentError",
                "ChangeError",
                "BooksError.of",
                "refused",
            }:
                raised.add(arguments[0])
            elif name.endswith("create_issue"):
                repairs.add(named["translation_key"])
            else:
                raised.add(named.get("translation_key"))

    # What is no constant is passed on from a place where it is one.
    raised.discard(None)
    repairs.discard(None)
    assert raised <= set(ENGLISH["exceptions"])
    assert repairs <= set(ENGLISH["issues"])


@pytest.mark.parametrize(
    ("module", "texts_of"),
    [
        ("form_checks.py", ENGLISH["config"]["error"] | HOUSE["error"]),
        ("register_checks.py", HOUSE["error"]),
        ("import_forms.py", ENGLISH["options"]["error"]),
    ],
)
def test_refusals(module: str, texts_of: Mapping[str, str]) -> None:
    """Every refusal of a form has a text, where forms can meet it."""
    tree = ast.parse((FOLDER / module).read_text())
    keys = {args[1] for name, args, _ in calls(tree) if name == "RefusedError"}

    assert keys
    assert keys <= set(texts_of)


@pytest.mark.parametrize("flow", [ENGLISH["options"], HOUSE])
def test_refusals_of_the_books(flow: Mapping[str, Any]) -> None:
    """What the books refuse reads the same in a form and in an action."""
    both = set(flow["error"]) & set(ENGLISH["exceptions"])

    assert "books_not_written" in both
    for key in both:
        assert flow["error"][key] == ENGLISH["exceptions"][key]["message"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(language: str) -> None:
    """Every text is there, with the same names in braces."""
    path = FOLDER / "translations" / f"{language}.json"
    theirs = dict(texts(json.loads(path.read_text())))
    ours = dict(texts(ENGLISH))

    assert list(theirs) == list(ours)
    for key, text in theirs.items():
        names = re.findall(r"{\w*}", text)
        assert sorted(names) == sorted(re.findall(r"{\w*}", ours[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes(language: str) -> None:
    """No text has a straight apostrophe: before a brace it would hide the name.

    That is a rule of the message format that Home Assistant's frontend uses. German
    is written the Swiss way.
    """
    path = FOLDER / "translations" / f"{language}.json"
    for key, text in texts(json.loads(path.read_text())):
        assert not set("'<>ß") & set(text), key
