"""A task's text with its names and numbers taken out, and the plan that they stand in.

Two tasks that differ in nothing else can be done by the same plan. What a slot takes in is kept
narrow: a name for a name, a number for a number. A sentence that says more, or otherwise, matches
nothing, and is planned anew.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final, TypeAlias

#: A value that a plan may hold in a slot's place.
SlotValue: TypeAlias = str | int | float


class Kind(Enum):
    """What a slot takes in."""

    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    QUOTED = "quoted"
    #: Words that begin with capitals, as names do.
    NAME = "name"
    #: One word in lower case.
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Slot:
    """A hole in a task's text."""

    kind: Kind
    #: The plan's literal, as it was when the template was made.
    value: SlotValue
    #: Whether the plan has the task's words in lower case.
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What is fixed in a task's text, with a slot's number between each two parts.

    The same slot may stand in several places. `plan` holds the values of `slots`.
    """

    fixed: tuple[str, ...]
    order: tuple[int, ...]
    slots: tuple[Slot, ...]
    plan: str

    def show(self) -> str:
        """The text with `{name}`, `{number}`, … for its slots."""
        kinds = [f"{{{self.slots[number].kind.value}}}" for number in self.order]
        return "".join(a + b for a, b in zip(self.fixed, [*kinds, ""], strict=True))


_NUMBER: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ](?:[\w'’&-]|\.(?=\w))*"
_PATTERNS: Final = {
    Kind.NUMBER: _NUMBER,
    Kind.DATE: r"\d{4}-\d{2}-\d{2}",
    Kind.EMAIL: r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    Kind.QUOTED: r"[^\"“”«»\n]+",
    Kind.NAME: rf"{_CAPITAL}(?: (?:(?:&|and|of|the|de|la) )?(?:{_CAPITAL}|\d+))*",
    Kind.WORD: r"[^\W\d_A-Z]+",
}
_OPENING, _CLOSING = frozenset('"“«'), frozenset('"”»')
#: Words of a sentence that say how it is meant: none of them is ever the value of a slot.
_GRAMMAR: Final = frozenset(
    """a about above after all an and any anything are as at be before below between but by cancel
    delete do does don't each either every everything except first for from how if in instead into
    is it last less least like more most my neither never no none nor not nothing of off on one
    only or other otherwise out over per please same should some something than that the their
    them then these they this those to twice two under unless until up was were what when where
    which who why will with without worst best cheapest you your""".split()
)
#: Longer than any sentence that comes back with other names in it.
MAX_TEXT: Final = 1_000


def make_template(task: str, plan: str, known: Collection[str] = ()) -> Template | None:
    """The template of a task and of the plan that did it; None where the text is too long.

    A literal of the plan becomes a slot where the task has the very same words, once or several
    times, and where the plan uses it as a value: not as the name of a field, nor as an index. A
    word in lower case is none if it is `known`, for the tools themselves may give it a meaning.
    """
    text = tidy(task)
    tree = _parsed(plan)
    if tree is None or len(text) > MAX_TEXT:
        return None
    found: list[tuple[int, int, Slot]] = []
    for value in _usable(tree):
        places = list(_places(text, value))
        kinds = {_kind(text, start, end, value) for start, end in places}
        if len(kinds) != 1 or None in kinds or (kinds == {Kind.WORD} and value in known):
            continue
        (kind,) = kinds
        assert kind is not None
        written = {text[start:end] for start, end in places}
        exact = isinstance(value, str) and written == {value}
        lowered = isinstance(value, str) and not exact
        if lowered and {w.lower() for w in written} != {value}:
            # The plan spells it otherwise than the task: how it would another is not known.
            continue
        found += [(start, end, Slot(kind, value, lowered)) for start, end in places]
    return _assemble(text, plan, _apart(sorted(found, key=lambda f: f[:2])))


def match(
    template: Template, task: str, known: Collection[str] = ()
) -> tuple[SlotValue, ...] | None:
    """The values that the task has in the template's slots; None where it is another task.

    `known` as in `make_template`.
    """
    text = tidy(task)
    if len(text) > MAX_TEXT:
        return None
    seen: set[int] = set()
    pattern = f"(?i:{re.escape(template.fixed[0])})"
    for number, fixed in zip(template.order, template.fixed[1:], strict=True):
        slot = f"(?P=s{number})" if number in seen else _group(template.slots[number], number)
        seen.add(number)
        pattern += f"{slot}(?i:{re.escape(fixed)})"
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    values: list[SlotValue] = []
    for number, hole in enumerate(template.slots):
        value = _read(found[f"s{number}"], hole)
        if value is None or (hole.kind is Kind.WORD and value in known):
            return None
        values.append(value)
    return tuple(values)


def rebind(template: Template, values: Sequence[SlotValue]) -> str:
    """The template's plan with these values for those that it has in its slots."""
    tree = _parsed(template.plan)
    assert tree is not None, "a template's plan is one that was parsed"
    new = {_key(s.value): v for s, v in zip(template.slots, values, strict=True)}
    lines = [line.encode() for line in template.plan.split("\n")]
    found = [c for c in _constants(tree) if c.usable and _key(c.value) in new]
    for constant in sorted(found, key=lambda c: (c.line, c.start), reverse=True):
        line = lines[constant.line]
        value = json.dumps(new[_key(constant.value)], ensure_ascii=False).encode()
        lines[constant.line] = line[: constant.start] + value + line[constant.end :]
    return b"\n".join(lines).decode()


def tidy(task: str) -> str:
    """The text with single spaces, and without a full stop at its end."""
    return " ".join(task.split()).rstrip(".! ")


def _group(slot: Slot, number: int) -> str:
    return f"(?P<s{number}>{_PATTERNS[slot.kind]})"


def _read(text: str, slot: Slot) -> SlotValue | None:
    """The plan's value for what stands in a slot; None where the slot does not take it."""
    if slot.kind is Kind.NUMBER:
        number = float(text.replace(",", ""))
        if isinstance(slot.value, int):
            return int(number) if number.is_integer() else None
        return number
    words = re.findall(r"[\w'’]+", text.lower())
    if slot.kind in (Kind.NAME, Kind.WORD) and words and words[0] in _GRAMMAR:
        return None
    return text.lower() if slot.lowered else text


def _kind(text: str, start: int, end: int, value: SlotValue) -> Kind | None:
    """What kind of slot these characters make; None for none."""
    written = text[start:end]
    if not isinstance(value, str):
        return Kind.NUMBER
    quoted = start > 0 and end < len(text)
    if quoted and text[start - 1] in _OPENING and text[end] in _CLOSING:
        return Kind.QUOTED
    if any(quote in written for quote in _OPENING | _CLOSING):
        return None
    kinds = (Kind.DATE, Kind.EMAIL, Kind.NAME, Kind.WORD)
    fitting = [kind for kind in kinds if re.fullmatch(_PATTERNS[kind], written)]
    if not fitting or _read(written, Slot(fitting[0], value)) is None:
        return None
    # The first word of a sentence has a capital whatever it is.
    return None if fitting[0] is Kind.NAME and start == 0 else fitting[0]


def _places(text: str, value: SlotValue) -> Iterator[tuple[int, int]]:
    """Where a value stands in the text, as words of its own."""
    if isinstance(value, str):
        for found in re.finditer(rf"(?i)(?<!\w){re.escape(value)}(?!\w)", text):
            yield found.span()
        return
    for found in re.finditer(rf"(?<![\w.,-]){_NUMBER}(?![\w-]|[.,]\d)", text):
        if float(found[0].replace(",", "")) == value:
            yield found.span()


def _apart(found: list[tuple[int, int, Slot]]) -> list[tuple[int, int, Slot]]:
    """Without those that overlap, or have no word between them: where one ends is not known."""
    close = {
        index
        for (i, (_, end, a)), (j, (start, _, b)) in pairwise(enumerate(found))
        if start - end < 2 and a.kind is not Kind.QUOTED and b.kind is not Kind.QUOTED
        for index in (i, j)
    }
    lost = {_key(found[index][2].value) for index in close}
    return [f for f in found if _key(f[2].value) not in lost]


def _assemble(text: str, plan: str, found: list[tuple[int, int, Slot]]) -> Template:
    slots: list[Slot] = []
    fixed, order, at = [], [], 0
    for start, end, slot in found:
        if slot not in slots:
            slots.append(slot)
        fixed.append(text[at:start])
        order.append(slots.index(slot))
        at = end
    return Template((*fixed, text[at:]), tuple(order), tuple(slots), plan)


def _usable(tree: ast.Module) -> list[SlotValue]:
    """The literals of a plan that only ever stand for a value, none a part of another's text."""
    usable: dict[tuple[type, SlotValue], SlotValue] = {}
    fixed: list[SlotValue] = []
    for constant in _constants(tree):
        if constant.usable:
            usable.setdefault(_key(constant.value), constant.value)
        else:
            fixed.append(constant.value)
    values = list(usable.values())
    return [
        v
        for v in values
        if not any(_key(v) == _key(other) or _entangled(v, other) for other in fixed)
        and not any(_entangled(v, other) for other in values)
    ]


def _entangled(value: SlotValue, other: SlotValue) -> bool:
    """Whether one text is a part of the other: they may be two forms of one thing."""
    if not isinstance(value, str) or not isinstance(other, str):
        return False
    a, b = value.casefold(), other.casefold()
    return (a != b and bool(b.strip()) and (a in b or b in a)) or (a == b and value != other)


@dataclass(frozen=True, slots=True)
class _Constant:
    """A text or number of a plan, and where it stands: a line from 0, bytes within it."""

    value: SlotValue
    #: Whether it is a value that may be another.
    usable: bool
    line: int
    start: int
    end: int


def _constants(tree: ast.Module) -> Iterator[_Constant]:
    """Every text and number of a plan."""
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, usable = stack.pop()
        match node:
            case ast.Constant(value=bool() | ""):
                continue
            case ast.Constant(value=str() | int() | float() as value):
                whole = usable and node.lineno == node.end_lineno
                end = node.end_col_offset or 0
                yield _Constant(value, whole, node.lineno - 1, node.col_offset, end)
            case _:
                stack += [(child, _is_value(node, name, child)) for name, child in _fields(node)]


def _fields(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _is_value(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Whether a literal in this place is a value of its own: not a field's name, nor an index."""
    match parent:
        case ast.Call(func=ast.Name()):
            # An argument of a tool or of a function; `round(x, 2)` keeps its 2 as any other number
            # that the task does not say.
            return field == "args"
        case ast.Call():
            # A method's: `.get("price")` names a field, `.startswith("Re:")` does not.
            return field == "args" and isinstance(child, ast.Constant) and not _keyed(parent)
        case ast.keyword() | ast.Compare() | ast.Slice():
            return True
        case ast.Assign():
            return field == "value"
        case ast.List() | ast.Tuple() | ast.Set():
            return True
        case ast.Dict():
            return field == "values"
        case _:
            return False


def _keyed(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in (
        "get", "pop", "setdefault", "join", "split", "replace", "strip", "format",
    )  # fmt: skip


def _key(value: SlotValue) -> tuple[type, SlotValue]:
    """Equal only for the same value of the same type: 1 is not 1.0."""
    return type(value), value


def _parsed(plan: str) -> ast.Module | None:
    try:
        return ast.parse(plan)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
