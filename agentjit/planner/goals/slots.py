"""Fill parameters with what a task spells out: texts, addresses, numbers, dates, choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agentjit.planner.domain import KEY_WORDS
from agentjit.planner.goals.dates import read_date
from agentjit.planner.goals.goal import Arguments, Found, Given, Step, is_text
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import CALLED, FILLERS, LINKS
from agentjit.planner.lexicon import NUMBERS, QUANTITY_WORDS
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Choice, Either, JsonType, JsonValue, ListOf, Scalar
from agentjit.toolspecs.tool import Param, Tool

#: Parameters that take addresses of people.
_ADDRESSED = frozenset(("to", "cc", "bcc", "address", "email", "recipient", "recipients"))


@dataclass(slots=True)
class Slots:
    """The parameters of a tool and of the calls that fill in what it does, being filled."""

    sentence: Sentence
    within: range
    listings: Listings
    tools: Sequence[Tool]
    #: Parameters that take what the things are called: those are read as things.
    keyed: frozenset[str] = frozenset()
    values: dict[tuple[str, str], Given] = field(default_factory=dict)
    #: A parameter that has several values, each for a call of its own.
    each: tuple[str, tuple[JsonValue, ...]] | None = None

    def fill(self) -> None:
        """Take what the words say outright."""
        for tool, param in self._open():
            self._choice(tool, param)
        for tool, param in self._open():
            self._address(tool, param)
        self._named()
        for tool, param in self._open():
            self._counted(tool, param)
        self._last_quotes()

    def required_open(self) -> list[Param]:
        """What the goal itself still needs."""
        goal = self.tools[0]
        return [p for t, p in self._open() if t is goal and p.required]

    def arguments(self, tool: Tool) -> Arguments:
        """What was found for a tool."""
        return tuple(
            (p.name, self.values[tool.name, p.name]) for p in tool.params if self._has(tool, p)
        )

    def settings(self) -> tuple[Step, ...]:
        """The other calls that something was found for."""
        steps = [Step(tool, self.arguments(tool)) for tool in self.tools[1:]]
        return tuple(step for step in steps if step.arguments)

    def _has(self, tool: Tool, param: Param) -> bool:
        return (tool.name, param.name) in self.values

    def _open(self) -> Iterator[tuple[Tool, Param]]:
        for tool in self.tools:
            for param in tool.params:
                several = self.each is not None and self.each[0] == param.name
                if not self._has(tool, param) and not several and param.name not in self.keyed:
                    yield tool, param

    # -- choices, addresses, numbers --------------------------------------------------------------

    def _choice(self, tool: Tool, param: Param) -> None:
        for value in _choices(param.type):
            if not isinstance(value, str):
                continue
            plain = value.casefold()
            for phrase in (plain, f"{plain}s"):
                span = self.sentence.find(phrase, self.within)
                span = span or next(
                    (
                        range(i, i + 1)
                        for i in self.sentence.free(self.within)
                        if self.sentence.pieces[i].kind == "quote"
                        and self.sentence.pieces[i].name.casefold() == phrase
                    ),
                    None,
                )
                if span is not None:
                    self.sentence.take(span)
                    self.values[tool.name, param.name] = value
                    return

    def _address(self, tool: Tool, param: Param) -> None:
        if param.name not in _ADDRESSED or not is_text(param):
            return
        found = [
            i
            for i in self.sentence.free(self.within)
            if self.sentence.pieces[i].kind == "address" and self._for(param, i)
        ]
        if not found:
            return
        self.sentence.take(found)
        addresses = tuple(self.sentence.pieces[i].text for i in found)
        each = self._say_each(found)
        if len(addresses) == 1:
            self.values[tool.name, param.name] = addresses[0]
        elif each and tool is self.tools[0]:
            self.each = (param.name, addresses)
        else:
            self.values[tool.name, param.name] = ", ".join(addresses)

    def _for(self, param: Param, index: int) -> bool:
        """Whether an address is for this parameter: a copy is asked for by name."""
        before = {p.plain for p in self.sentence.pieces[max(0, index - 3) : index]}
        copies = before & {"cc", "bcc"}
        return param.name in before if param.name in ("cc", "bcc") else not copies

    def _say_each(self, places: Sequence[int]) -> bool:
        words = range(max(self.within.start, places[0] - 3), places[-1])
        each = [i for i in words if self.sentence.pieces[i].plain in ("each", "every")]
        joins = [i for i in words if self.sentence.pieces[i].plain in ("and", "of")]
        self.sentence.take([*each, *joins] if each else joins)
        return bool(each)

    def _counted(self, tool: Tool, param: Param) -> None:
        """«3 days» for `days`, «two» or «3 of» for a quantity."""
        if not _takes_number(param.type):
            return
        words = {stem(w) for w in name_words(param.name)}
        for index in self.sentence.free(self.within):
            piece = self.sentence.pieces[index]
            number = NUMBERS.get(piece.plain)
            if piece.kind == "number" and piece.text.isdigit():
                number = int(piece.text)
            if number is None:
                continue
            after = self._word(index + 1)
            if stem(after) in words:
                self.sentence.take((index, index + 1))
            elif words & QUANTITY_WORDS and (after in ("of", "x") or self._before_name(index)):
                self.sentence.take((index, index + 1) if after in ("of", "x") else (index,))
            else:
                continue
            self.values[tool.name, param.name] = number
            return

    def _before_name(self, index: int) -> bool:
        """Whether a number stands right before what is named in full."""
        follows = index + 1 in self.within and not self.sentence.is_free(index + 1)
        return follows and self.sentence.pieces[index + 1].kind != "stop"

    def _word(self, index: int) -> str:
        return self.sentence.pieces[index].plain if index in self.within else ""

    # -- what is named ----------------------------------------------------------------------------

    def _named(self) -> None:
        for index in list(self.within):
            if not self.sentence.is_free(index):
                continue
            for tool, param in list(self._open()):
                if param.name in _ADDRESSED:
                    continue
                used = self._says(param, index) or self._done_by_verb(tool, index)
                if used is None:
                    continue
                if self._two_names(tool, param, index, used):
                    break
                if self._value_after(tool, param, range(index, index + used)):
                    break

    def _says(self, param: Param, index: int) -> int | None:
        """How many tokens from here name the parameter."""
        words = [stem(w) for w in name_words(param.name)]
        said = [
            self.sentence.pieces[i].stem
            for i in range(index, index + len(words))
            if i in self.within
        ]
        if said == words:
            return len(words)
        nouns = [w for w in words if w not in KEY_WORDS]
        if len(nouns) < len(words) and param.origin is None and said[:1] == nouns:
            # «the labels …» for `label_name`
            return 1
        plain = self.sentence.pieces[index].plain
        names = {*name_words(param.name)}
        return 1 if any(plain in group and names & group for group in CALLED) else None

    def _done_by_verb(self, tool: Tool, index: int) -> int | None:
        """«assign … to» for the one parameter of what sets the assignee."""
        verb, last = self.sentence.pieces[index].stem, name_words(tool.name)[-1]
        setting = tool is not self.tools[0] and len(tool.params) == 1
        return 1 if setting and len(verb) > 4 and last.startswith(verb) else None

    def _two_names(self, tool: Tool, param: Param, index: int, used: int) -> bool:
        """«with name and title "x"»: one value for both."""
        if self._word(index + used) != "and":
            return False
        second = index + used + 1
        for other, its in list(self._open()):
            more = self._says(its, second) if second in self.within else None
            if (other, its) == (tool, param) or more is None:
                continue
            if self._value_after(other, its, range(index, second + more)):
                self.values[tool.name, param.name] = self.values[other.name, its.name]
                return True
        return False

    def _value_after(self, tool: Tool, param: Param, named: range) -> bool:
        place = named.stop
        about = {stem(w) for w in name_words(tool.name)}
        while place in self.within and (
            self._word(place) in LINKS
            or self.sentence.pieces[place].text == ":"
            or self.sentence.pieces[place].stem in about
        ):
            place += 1
        found = self._value(param, place) if place in self.within else None
        if found is None:
            return False
        span, value = found
        before = named.start - 1
        joined = before in self.within and self._word(before) in ("with", "and", "the", "a", "as")
        self.sentence.take(range(before if joined else named.start, span.stop))
        if isinstance(value, tuple) and not isinstance(param.type, ListOf):
            if tool is not self.tools[0] or self.each is not None:
                self.sentence.release(range(named.start, span.stop))
                return False
            self.each = (param.name, tuple(str(v) for v in value))
            return True
        self.values[tool.name, param.name] = value
        return True

    def _value(self, param: Param, place: int) -> tuple[range, Given] | None:
        """The value of a parameter's type that stands here."""
        piece = self.sentence.pieces[place]
        dated = read_date(self.sentence, place)
        if "date" in name_words(param.name) and dated is not None:
            return dated
        if _takes_number(param.type):
            number = int(piece.text) if piece.text.isdigit() else NUMBERS.get(piece.plain)
            return None if number is None else (range(place, place + 1), number)
        if not is_text(param) and not isinstance(param.type, ListOf):
            return None
        if (
            piece.plain in ("me", "myself")
            and not param.required
            and isinstance(param.default, str)
        ):
            return range(place, place + 1), param.default
        names = self._names_from(place)
        if param.origin is not None:
            return self._person(param, names) if names else None
        if piece.kind in ("quote", "path"):
            return self._quotes(place) if piece.kind == "quote" else None
        if names and names[1] and not _is_long(param):
            span, texts = names
            return span, texts[0] if len(texts) == 1 else texts  # type: ignore[return-value]
        return None

    def _quotes(self, place: int) -> tuple[range, Given]:
        return range(place, place + 1), self.sentence.pieces[place].value

    def _names_from(self, place: int) -> tuple[range, tuple[str, ...]] | None:
        """Names in a row from here on: «Work, Personal and Urgent», «myself», «yjlou»."""
        found: list[str] = []
        stop = place
        while stop in self.within:
            piece = self.sentence.pieces[stop]
            if found and (piece.text == "," or piece.plain == "and"):
                stop += 1
                continue
            named = piece.kind == "quote" or (piece.kind == "word" and self._is_name(stop))
            if not named or not self.sentence.is_free(stop):
                break
            if (
                found
                and self.sentence.pieces[stop - 1].text != ","
                and self._word(stop - 1) != "and"
            ):
                break
            found.append(piece.name)
            stop += 1
        while stop > place and self.sentence.pieces[stop - 1].text in (",", "and"):
            stop -= 1
        return (range(place, stop), tuple(found)) if found else None

    def _is_name(self, index: int) -> bool:
        text = self.sentence.pieces[index].text
        return text[0].isupper() or any(c in text for c in "_-.") or any(c.isdigit() for c in text)

    def _person(
        self, param: Param, names: tuple[range, tuple[str, ...]]
    ) -> tuple[range, Given] | None:
        """People and other things that a tool finds by a part of their name."""
        span, texts = names
        found = tuple(self.found(param, text) for text in texts)
        if any(each is None for each in found):
            return None
        values = tuple(each for each in found if each is not None)
        if isinstance(param.type, ListOf):
            return span, values
        return (span, values[0]) if len(values) == 1 else None

    def found(self, param: Param, text: str) -> Found | None:
        """How a value of a parameter with an origin is found from a text."""
        assert param.origin is not None
        listing = self.listings.of(param.origin.path.split("[]")[0])
        if listing is None:
            return None
        return Found(listing.reader, listing.key, text, searched=listing.query is not None)

    def _last_quotes(self) -> None:
        """A quote that nothing names is for the one text that is still wanted."""
        quotes = [
            i for i in self.sentence.free(self.within) if self.sentence.pieces[i].kind == "quote"
        ]
        wanted = [
            (t, p)
            for t, p in self._open()
            if p.required and is_text(p) and p.origin is None and self._worth(t)
        ]
        if len(quotes) == 1 and len(wanted) == 1:
            (tool, param), index = wanted[0], quotes[0]
            self.sentence.take((index,))
            self.values[tool.name, param.name] = self.sentence.pieces[index].value

    def _worth(self, tool: Tool) -> bool:
        """Settings that nothing else was found for are not begun with a mere quote."""
        return tool is self.tools[0] or any(self._has(tool, p) for p in tool.params)

    def rest_as_text(self) -> bool:
        """«set my status as Out of Office»: what follows `as` or `to`, for the one text wanted."""
        wanted = [p for p in self.required_open() if is_text(p) and p.origin is None]
        goal = self.tools[0]
        starts = [i for i in self.sentence.free(self.within) if self._word(i) in ("as", "to")]
        if len(wanted) != 1 or len(starts) != 1 or goal.effect is Effect.COMMIT:
            return False
        rest = range(starts[0] + 1, self.within.stop)
        words = [i for i in rest if self.sentence.is_free(i)]
        if not words or any(self.sentence.pieces[i].kind not in ("word", "number") for i in words):
            return False
        self.sentence.take((starts[0], *rest))
        said = self.sentence.words(words)
        self.values[goal.name, wanted[0].name] = said
        return said in self.sentence.text


def _choices(kind: JsonType) -> tuple[str | int | bool, ...]:
    match kind:
        case Choice(values):
            return values
        case Either(members):
            return tuple(v for m in members for v in _choices(m))
        case _:
            return ()


def _takes_number(kind: JsonType) -> bool:
    members = kind.members if isinstance(kind, Either) else (kind,)
    return Scalar("int") in members or Scalar("float") in members


def _is_long(param: Param) -> bool:
    """Whether a parameter takes a text to write, which is quoted."""
    return param.name in ("body", "text", "content", "description", "note", "message", "bio")


__all__ = ["FILLERS", "Slots"]
