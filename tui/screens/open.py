"""Opening a scenario: built-in ones, one's own, recent ones; beside the list what each is about or what is wrong."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from engine import atomic, scenario_library
from engine.document_saving import copy_scenario
from engine.errors import EngineError, InputError, Problem
from engine.scenario import Scenario, tunings_of
from engine.scenario_file import load
from engine.storage import writing_to
from tui.external_editor import opened_in_editor
from tui.forgiving import Forgiving
from tui.plain_text import plain_lines, plain_text
from tui.scenario_problems import problems_beside_lines
from tui.screens.line_prompt import LinePrompt
from tui.screens.quiet_screen import QuietScreen
from tui.shaped_text import shaping_parser
from tui.widgets.key_line import KeyLine

TEMPLATE = '''title = "My scenario"
about = """
What it shows, in a few words.
"""

# Each example has a task, an instruction and the response that a model should learn.
examples = [
    { task = "colour", instruction = "Colour of grass", response = "green" },
    { task = "colour", instruction = "Colour of snow", response = "white" },
    { task = "opposite", instruction = "Opposite of hot", response = "cold" },
    { task = "opposite", instruction = "Opposite of big", response = "small" },
]
prompts = ["Colour of grass", "Opposite of hot"]
validation = 0.0

[model]
architecture = "transformer"

[tunings.instruction-tune]
steps = 200

[tunings.fine-tune-colour]
method = "fine-tune"
tasks = ["colour"]
steps = 200
'''


class OpenScreen(QuietScreen[Path | None], Forgiving):
    """A list of scenarios, and beside it the one in hand. Gives the path to open, or None."""

    BINDINGS = [
        Binding("enter", "open", "Open", id="open.open", priority=True, tooltip="Open this scenario."),
        Binding("n", "copy", "New from this", id="open.copy", tooltip="Make a scenario of your own from this one."),
        Binding("N", "new", "New", id="open.new", tooltip="Make a scenario of your own from a short template."),
        Binding("p", "path", "Path", id="open.path", tooltip="Open a scenario file by its path."),
        Binding("E", "edit", "Edit file", id="open.edit", tooltip="Edit this scenario file in $EDITOR."),
        Binding("escape", "dismiss(None)", "Back", id="open.back", tooltip="Back, and open nothing."),
        Binding("j", "down", "Down", id="open.down", show=False, tooltip="The next scenario."),
        Binding("k", "up", "Up", id="open.up", show=False, tooltip="The scenario before."),
    ]

    def __init__(self, recent: list[Path], current: Path | None) -> None:
        super().__init__()
        self._recent, self._current = recent, current
        self._paths: dict[str, Path] = {}
        self._wrong: Sequence[Problem] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            scenarios = OptionList(*self._options(), id="scenarios", classes="pane")
            scenarios.border_title = "Open a scenario"
            yield scenarios
            with VerticalScroll(id="about", classes="pane") as about:
                about.border_title = "About it"
                yield Static("", id="facts", markup=False)
                yield Markdown("", id="text", parser_factory=shaping_parser, open_links=False)
                yield Static("", id="wrong", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at the scenario that is open."""
        names = list(self._paths)
        at = next((name for name, path in self._paths.items() if path == self._current), names[0] if names else None)
        scenarios = self.query_one("#scenarios", OptionList)
        if at is not None:
            scenarios.highlighted = scenarios.get_option_index(at)
        scenarios.focus()

    def _options(self) -> list[Option | None]:
        groups = {
            "Recent": [path for path in self._recent if path.is_file()],
            "Yours": list(scenario_library.own().values()),
            "Come with tunetui": list(scenario_library.built_in().values()),
        }
        options: list[Option | None] = []
        for name, paths in groups.items():
            if not paths:
                continue
            if options:
                options.append(None)
            options.append(Option(Content.styled(name, "$secondary"), disabled=True))
            names = [path.stem for path in paths]
            for path in paths:
                key = f"{name}:{path}"
                self._paths[key] = path
                whose = f"  {owner_of(path)}" if names.count(path.stem) > 1 else ""
                options.append(Option(Content.assemble(f" {plain_text(path.stem)}", (whose, "$secondary")), id=key))
        return options

    @property
    def path(self) -> Path | None:
        """The scenario in hand."""
        scenarios = self.query_one("#scenarios", OptionList)
        if scenarios.highlighted is None:
            return None
        return self._paths.get(scenarios.get_option_at_index(scenarios.highlighted).id or "")

    def key_word(self, binding: Binding) -> str:
        """What a key does at this moment: what comes with tunetui is not edited."""
        return "" if binding.action == "edit" and self._is_built_in() else binding.description

    def _is_built_in(self) -> bool:
        return bool(self.path and scenario_library.is_built_in(self.path))

    # --- the text beside the list -------------------------------------------------------------------------------------

    def on_option_list_option_highlighted(self) -> None:
        """Show what this one is about."""
        self.refresh_bindings()
        if self.path:
            self.in_background(partial(self._show, self.path), "about")

    async def _show(self, path: Path) -> None:
        facts, text = self.query_one("#facts", Static), self.query_one(Markdown)
        try:
            scenario = await asyncio.to_thread(load, path)
        except InputError as error:
            facts.update(Content.styled(plain_text(place_of(path)), "$secondary"))
            await text.update("")
            self._wrong = error.problems
            self._write_wrong()
            return
        facts.update(facts_of(scenario, path))
        about = plain_lines(scenario.about)
        await text.update(about or "*It says nothing about itself.*")
        self._wrong = []
        self._write_wrong()
        self.query_one("#about").scroll_home(animate=False)

    def on_resize(self) -> None:
        """Say what is wrong in the new width."""
        self.call_after_refresh(self._write_wrong)

    def _write_wrong(self) -> None:
        width = self.query_one("#about").scrollable_content_region.width
        wrong = problems_beside_lines(self.path, self._wrong, width) if self.path else Content("")
        self.query_one("#wrong", Static).update(wrong)

    # --- what can be done ---------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self) -> None:
        """Enter or a click on the one in hand."""
        self.action_open()

    def action_open(self) -> None:
        """Open the one in hand."""
        if self.path and self.is_active:  # a second Enter may be on its way
            self.dismiss(self.path)

    def action_down(self) -> None:
        """The next one."""
        self.query_one("#scenarios", OptionList).action_cursor_down()

    def action_up(self) -> None:
        """The one before."""
        self.query_one("#scenarios", OptionList).action_cursor_up()

    def action_path(self) -> None:
        """Ask for a path."""

        def wrong(value: str) -> str:
            return "" if Path(value).expanduser().is_file() else "There is no such file."

        def named(value: str | None) -> None:
            if value:
                self.dismiss(Path(value).expanduser().absolute())

        self.app.push_screen(LinePrompt("Open a file", "The path of a scenario file (.toml).", wrong=wrong), named)

    def action_edit(self) -> None:
        """Edit the file of the one in hand."""
        if self._is_built_in():
            self.notify("It comes with tunetui and stays as it is. n makes one of your own from it.", markup=False)
        elif self.path and opened_in_editor(self.app, self.path):
            self.in_background(partial(self._show, self.path), "about")

    def action_copy(self) -> None:
        """A scenario of one's own, from the one in hand."""
        if source := self.path:
            self._ask_name(f"my_{source.stem}", lambda target: copy_scenario(source, target))

    def action_new(self) -> None:
        """A scenario of one's own, from the template."""

        def write(target: Path) -> None:
            with writing_to(target.parent):
                target.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_text(target, TEMPLATE)

        self._ask_name("my_scenario", write)

    def _ask_name(self, proposed: str, make: Callable[[Path], object]) -> None:
        folder = scenario_library.own_folder()

        def wrong(value: str) -> str:
            if not value or "/" in value:
                return "A name without `/`."
            return "You have one of that name already." if (folder / f"{value}.toml").exists() else ""

        def named(value: str | None) -> None:
            if value is None:
                return
            target = folder / f"{value}.toml"
            try:
                make(target)
            except (InputError, EngineError) as error:
                self.notify(plain_lines(str(error)), severity="error", markup=False)
            else:
                self.dismiss(target)

        text = f"It is kept in {folder}."
        self.app.push_screen(LinePrompt("Name of the new scenario", text, proposed, wrong=wrong), named)


def owner_of(path: Path) -> str:
    """What tells two scenarios of one name apart: whose it is, or its folder."""
    if scenario_library.is_built_in(path):
        return "tunetui's"
    return "yours" if path.parent == scenario_library.own_folder() else plain_text(path.parent.name)


def place_of(path: Path) -> str:
    """Where a scenario is, in short."""
    if scenario_library.is_built_in(path):
        return "comes with tunetui"
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)


def facts_of(scenario: Scenario, path: Path) -> Content:
    """Title, file, tunings and base of a scenario."""
    tunings = ", ".join(plain_text(name) for name in tunings_of(scenario))
    lines = [
        Content.styled(plain_text(scenario.title), "bold"),
        Content.styled(plain_text(place_of(path)), "$secondary"),
        Content(""),
        Content.assemble(("base: ", "$secondary"), plain_text(scenario.base) or "none, fresh weights"),
        Content.assemble(("tunings: ", "$secondary"), tunings),
    ]
    return Content("\n").join(lines)
