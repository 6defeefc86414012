"""Words to write JSON Schemas with, and `hold` to hold a value to one."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Schema = dict[str, Any]

TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*values: str | None) -> Schema:
    return {"enum": list(values)}


def uri(path: str) -> Schema:
    pattern = path.replace("*", "[A-Za-z0-9_-]+")
    return {"type": "string", "pattern": f"^https://api\\.calendly\\.com/{pattern}$"}


def address() -> Schema:
    return {"type": "string", "format": "uri", "pattern": "^https?://"}


def items(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def record(optional: dict[str, Schema] | None = None, **fields: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
        "additionalProperties": False,
    }


def without(schema: Schema, *names: str) -> Schema:
    fields = {k: v for k, v in schema["properties"].items() if k not in names}
    required = [name for name in schema["required"] if name not in names]
    return {**schema, "properties": fields, "required": required}


def resource(schema: Schema) -> Schema:
    return record(resource=schema)


def collection(schema: Schema) -> Schema:
    return record(collection=items(schema))


def hold(schema: Schema, value: Any) -> None:
    """Fails with every difference and where it is."""
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not problems, "\n".join(problems)
