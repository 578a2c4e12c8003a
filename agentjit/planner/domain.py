"""What a toolset talks about: kinds of things that can be listed, and verbs that act.

Everything here is read off signatures, contracts and docstrings; nothing is known of any site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from agentjit.planner.lexicon import COMPLETING, FILLERS, LIGHT_VERBS, SYNONYMS, UNITS
from agentjit.planner.words import name_words, plain_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Field, ListOf, Record, Scalar, is_numeric, records_in
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset, resolve_origin

#: Words in tool names that say how a tool works, not what it is about.
TOOL_WORDS = frozenset(
    stem(w)
    for w in "list show get read all fetch find goto go open view see a an the of for in on".split()
)

#: Words of docstrings that are no nouns of a kind.
PLAIN_WORDS = frozenset(
    """any about most least only were how many it at first last newest oldest shown order placed up
    until usual after before can be who said wrote what each all their its one every own dollars
    number names name""".split()
)

#: Words in names of keys that say nothing of what has the key.
KEY_WORDS = frozenset(
    stem(w) for w in "name id title number key url ref entry details record info".split()
)

#: What ends the object of a docstring's first sentence.
_AFTER_OBJECT = r"[,;:.]|\b(?:of|with|on|in|at|for|from|that|which|and|to)\b"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: a READ tool lists records of it; `key` is the field that names one."""

    reader: Tool
    record: Record
    key: Field
    #: Stems of the nouns that mean it: from names, and (weaker) from docstrings.
    nouns: frozenset[str]
    weak_nouns: frozenset[str]
    #: What one is called, for messages.
    noun: str

    def field_words(self, field: Field) -> frozenset[str]:
        """The stems of a field's name, without its unit."""
        words = name_words(field.name)
        return frozenset(stem(w) for w in words if len(words) == 1 or w not in UNITS)

    @property
    def numeric_fields(self) -> tuple[Field, ...]:
        """The fields that hold numbers."""
        return tuple(f for f in self.record.fields if is_numeric(f.type))


@dataclass(frozen=True, slots=True)
class Use:
    """A parameter that takes the key of a kind."""

    tool: Tool
    param: Param
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Doing:
    """The stems of a tool's name and of the first word of its docstring."""

    tool: Tool
    named: frozenset[str]
    leading: frozenset[str]

    def match(self, verb: str, near: frozenset[str]) -> int:
        """How well a verb's stem names the tool, or else one of the verbs `near` it; 0: not."""
        if verb in self.named:
            return 3
        if verb in self.leading:
            return 2
        return 1 if near & (self.named | self.leading) else 0


@dataclass(frozen=True)
class Domain:
    """A toolset's vocabulary."""

    toolset: Toolset

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind, in the order of the tools that list them."""
        drafts = [
            (tool, tool.returns.item)
            for tool in self.toolset.tools
            if tool.effect is Effect.READ
            and isinstance(tool.returns, ListOf)
            and isinstance(tool.returns.item, Record)
            and not any(p.required for p in tool.params)
        ]
        own = {tool.name: self._parameter_nouns(tool) for tool, _ in drafts}
        strong = {}
        for tool, record in drafts:
            # `get_store_reviews` lists reviews: a store is what another list is about.
            foreign = {w for name, words in own.items() if name != tool.name for w in words}
            strong[tool.name] = own[tool.name] | (self._name_nouns(tool, record) - foreign)
        weak = {tool.name: self._weak_nouns(tool) for tool, _ in drafts}
        found = []
        for tool, record in drafts:
            others = {w for t, _ in drafts if t is not tool for w in strong[t.name] | weak[t.name]}
            key = self._key_field(tool, record)
            if key is not None:
                only_here = weak[tool.name] - others - strong[tool.name]
                found.append(
                    Kind(
                        tool,
                        record,
                        key,
                        strong[tool.name],
                        frozenset(only_here),
                        self._noun(tool, record),
                    )
                )
        return tuple(found)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every parameter whose origin is the key of a kind."""
        by_reader = {k.reader.name: k for k in self.kinds}
        found = []
        for tool in self.toolset.tools:
            for param in tool.params:
                if param.origin is None:
                    continue
                origin = resolve_origin(param.origin.path, self.toolset.by_name)
                if isinstance(origin, str) or origin.tool.name not in by_reader:
                    continue
                kind = by_reader[origin.tool.name]
                if origin.field == kind.key:
                    found.append(Use(tool, param, kind))
        return tuple(found)

    def actions(self, verb: str) -> list[Tool]:
        """The WRITE and COMMIT tools that a verb's stem names, those of the best match only."""
        if verb in LIGHT_VERBS:
            return []
        near = next((group for group in SYNONYMS if verb in group), frozenset())
        scored = [(words.match(verb, near), words.tool) for words in self._doings]
        best = max((score for score, _ in scored), default=0)
        return [tool for score, tool in scored if score == best] if best else []

    @cached_property
    def _doings(self) -> tuple[_Doing, ...]:
        """What the tools that are not harmless call what they do."""
        found = []
        for tool in self.toolset.tools:
            if tool.effect.harmless:
                continue
            # `choose_machine` chooses; the verb of `place_order` is light, its noun says it.
            first, *rest = (stem(w) for w in name_words(tool.name))
            named = {first} if first not in LIGHT_VERBS | COMPLETING else set(rest)
            leading = {stem(w) for w in plain_words(tool.doc)[:1]}
            found.append(_Doing(tool, frozenset(named), frozenset(leading)))
        return tuple(found)

    def _takers(self, reader: Tool) -> list[Param]:
        """The parameters whose values come from what a reader lists, in the order of the tools."""
        origin = f"{reader.name}[]"
        params = [p for tool in self.toolset.tools for p in tool.params]
        return [p for p in params if p.origin is not None and p.origin.path.startswith(origin)]

    def _key_field(self, tool: Tool, record: Record) -> Field | None:
        """The field that parameters take from this list; else its first text."""
        paths = [p.origin.path for p in self._takers(tool) if p.origin is not None]
        wanted = [path.rsplit(".", 1)[1] for path in paths if "." in path]
        texts = [f for f in record.fields if f.type == Scalar("str")]
        named = next((f for f in record.fields if f.name in wanted), None)
        return named or (texts[0] if texts else None)

    def _noun(self, tool: Tool, record: Record) -> str:
        """From the first parameter that takes one (`store_name`), else from the record's name."""
        taker = next(iter(self._takers(tool)), None)
        if taker is None:
            return " ".join(name_words(record.name))
        words = [w for w in name_words(taker.name) if stem(w) not in KEY_WORDS]
        return " ".join(words) or taker.name

    def _parameter_nouns(self, tool: Tool) -> frozenset[str]:
        """The words of the parameters that take one: `store_name`."""
        words = {stem(w) for p in self._takers(tool) for w in name_words(p.name)}
        return frozenset(words) - TOOL_WORDS - KEY_WORDS

    @staticmethod
    def _name_nouns(tool: Tool, record: Record) -> frozenset[str]:
        """The words of the reader's and of the record's name."""
        words = {stem(w) for w in (*name_words(tool.name), *name_words(record.name))}
        return frozenset(words - TOOL_WORDS - KEY_WORDS)

    def _weak_nouns(self, tool: Tool) -> frozenset[str]:
        """What the reader's first sentence says it lists: «List the stores (restaurants) on …»."""
        words = {*head_nouns(tool.summary)} - FILLERS - PLAIN_WORDS
        fields = {w for k in records_in(tool.returns) for f in k.fields for w in name_words(f.name)}
        return frozenset(stem(w) for w in words) - TOOL_WORDS - {stem(w) for w in fields}


def head_nouns(sentence: str) -> tuple[str, ...]:
    """The words of a sentence's object: up to its first preposition, and what brackets add."""
    aside = " ".join(re.findall(r"\(([^)]*)\)", sentence))
    head = re.split(_AFTER_OBJECT, re.sub(r"\([^)]*\)", " ", sentence), maxsplit=1)[0]
    return (*plain_words(head), *plain_words(aside))
