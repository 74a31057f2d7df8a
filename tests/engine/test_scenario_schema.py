"""The JSON Schema describes every key."""

from engine.scenario_schema import schema


def test_every_key_has_a_description_of_its_own() -> None:
    tables = schema()["$defs"]
    assert "Task" in tables
    for table in tables.values():
        descriptions = [part["description"] for part in table["properties"].values()]
        assert all(descriptions)
        assert len(set(descriptions)) == len(descriptions)


def test_types_and_bounds_are_those_of_the_structs() -> None:
    width = schema()["$defs"]["Transformer"]["properties"]["width"]
    assert (width["type"], width["minimum"], width["default"]) == ("integer", 1, 48)


def test_only_a_transformer_may_leave_its_architecture_out() -> None:
    tables = schema()["$defs"]
    needing = [name for name, table in tables.items() if "architecture" in table.get("required", [])]
    assert needing == ["Gru", "GruTagger", "GruClassifier"]
