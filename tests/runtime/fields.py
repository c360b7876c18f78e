"""What the input widgets of a page hold, in words and in the messages by which a browser tells it to the server."""

import contextlib
import json

from streamlit.proto.WidgetStates_pb2 import WidgetState

FIELDS = {
    "text_input": "string", "text_area": "string", "color_picker": "string", "time_input": "string",
    "chat_input": "trigger", "number_input": "double", "checkbox": "bool", "slider": "double_array",
    "selectbox": "int", "radio": "int", "multiselect": "int_array", "button_group": "int_array",
    "date_input": "string_array", "date_time_input": "string_array",
}  # fmt: skip
"""The kind of value that a widget sends. In a list of options it is a place, or in newer versions the label."""


def parsed(text):
    """The value that a step names: JSON, or else the text itself."""
    with contextlib.suppress(ValueError):
        return json.loads(text)
    return text


def default_of(node):
    """The value of a widget that nobody has changed yet; options by their labels."""
    value = plain(node.proto, "default")
    options = options_of(node)
    if options is None or value is None:
        return value
    if isinstance(value, list):
        return [options[int(place)] for place in value]
    return options[value] if options else None


def value_of(node):
    """The value that the server gives to a widget."""
    for name in ("raw_value", "raw_values"):
        if name in node.proto.DESCRIPTOR.fields_by_name and options_of(node) is not None:
            return plain(node.proto, name)
    value, options = plain(node.proto, "value"), options_of(node)
    if options is None or value is None:
        return value
    return [options[int(place)] for place in value] if isinstance(value, list) else options[value]


def plain(proto, name):
    """The value of a field, None where it is not set."""
    field, value = proto.DESCRIPTOR.fields_by_name[name], getattr(proto, name)
    if field.has_presence:
        return value if proto.HasField(name) else None
    return value if isinstance(value, (bool, int, float, str)) else list(value)


def options_of(node):
    """The labels of a widget's options, None where it has no options."""
    options = getattr(node.proto, "options", None)
    if options is None or (node.kind == "slider" and not options):
        return None
    return [option if isinstance(option, str) else option.content for option in options]


def state_of(node, value):
    """The message that tells a value."""
    state, kind, options = WidgetState(id=node.id), FIELDS[node.kind], options_of(node)
    if options is not None and value is not None:
        labels = [str(each) for each in value] if isinstance(value, list) else str(value)
        if {"raw_value", "raw_values"} & set(node.proto.DESCRIPTOR.fields_by_name):
            kind, value = ("string_array" if kind.endswith("array") else "string"), labels
        else:
            value = [options.index(each) for each in labels] if isinstance(labels, list) else options.index(labels)
    if kind == "trigger":
        trigger = "chat_input_value" if hasattr(state, "chat_input_value") else "string_trigger_value"
        getattr(state, trigger).data = str(value)
    elif kind.endswith("array"):
        values = value if isinstance(value, list) else [] if value is None else [value]
        getattr(state, f"{kind}_value").data.extend(day(each) if node.kind == "date_input" else each for each in values)
        getattr(state, f"{kind}_value").SetInParent()
    elif value is not None:
        setattr(state, f"{kind}_value", str(value) if kind == "string" else value)
    return state


def day(text):
    """A date as all versions read it."""
    return text.replace("-", "/")
