from engine.serving.line import Line


def test_runs_keep_their_order_and_stand_in_line_once() -> None:
    line = Line()
    line.add(["a", "b", "a"])
    line.add(["b", "c"])
    assert (line.ids, line.first) == (["a", "b", "c"], "a")
    line.remove("a")
    line.remove("nobody")
    assert (line.ids, line.first, "a" in line, "c" in line) == (["b", "c"], "b", False, True)


def test_in_an_empty_line_it_is_nobodys_turn() -> None:
    assert Line().first == ""
