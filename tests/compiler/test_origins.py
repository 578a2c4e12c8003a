"""Whose words reach an irreversible call, by ways no assignment shows; and what is invented."""

from __future__ import annotations

import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.source import Source
from tests.compiler.shop import SHOP

PUT = """\
def put(xs: list[str], v: str) -> int:
    xs.append(v)
    return 1
"""
TEXTS = "texts = list_messages()\n"
NOTES = "notes: list[str] = []\n"


def remarks(text: str) -> list[str]:
    """The codes of what is said of an accepted plan."""
    checked = check(Source("plan", text), SHOP)
    assert isinstance(checked, CheckedProgram), checked
    return [d.code for d in checked.warnings]


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXTS}{NOTES}other = notes\nother.append(texts[0])\nsaid = notes[0]",
        f"{TEXTS}{NOTES}other = notes\nother += texts\nsaid = notes[0]",
        f"{TEXTS}{NOTES}[notes.append(t) for t in texts]\nsaid = notes[0]",
        f"{PUT}{TEXTS}{NOTES}put(notes, v=texts[0])\nsaid = notes[0]",
        f"{PUT}{TEXTS}{NOTES}n = put(notes, texts[0])\nsaid = notes[0]",
        f"{PUT}{TEXTS}{NOTES}if put(notes, texts[0]) > 0:\n    list_orders()\nsaid = notes[0]",
        f"{PUT}{TEXTS}{NOTES}put(*[notes, texts[0]])\nsaid = notes[0]",
        f"{PUT}{TEXTS}{NOTES}[put(notes, t) for t in texts]\nsaid = notes[0]",
        (
            f"{PUT}{TEXTS}box: dict[str, list[str]] = {{'a': []}}\nput(box['a'], texts[0])\n"
            "said = box['a'][0]"
        ),
        (
            f"def keep(v: str) -> None:\n    notes.append(v)\n{TEXTS}{NOTES}keep(texts[0])\n"
            "said = notes[0]"
        ),
        (
            f"def keep(v: str) -> None:\n    notes.append(v)\n{TEXTS}{NOTES}"
            "n = list(map(keep, texts))\nsaid = notes[0]"
        ),
        (
            f"def open_up(xs: list[str]) -> list[str]:\n    return xs\n{TEXTS}{NOTES}"
            "open_up(notes).append(texts[0])\nsaid = notes[0]"
        ),
        f"{TEXTS}inner: list[str] = []\nbox = [inner]\ninner.append(texts[0])\nsaid = box[0][0]",
        f"{TEXTS}inner: list[str] = []\nbox = [inner]\nbox[0].append(texts[0])\nsaid = inner[0]",
        (
            f"{TEXTS}inner: list[str] = []\nbox = []\nbox.append(inner)\ncopy = list(box)\n"
            "copy[0].append(texts[0])\nsaid = inner[0]"
        ),
        f"{TEXTS}a: list[str] = []\nfor x in [a]:\n    x.append(texts[0])\nsaid = a[0]",
        (
            f"{TEXTS}a: list[str] = []\nb: list[str] = []\nfor x, n in zip([a, b], [1, 2]):\n"
            "    x.append(texts[n])\nsaid = b[0]"
        ),
        f"{TEXTS}{NOTES}n = sorted(texts, key=lambda t: notes.append(t) or 0)\nsaid = notes[0]",
        (
            f"{TEXTS}{NOTES}by = lambda t: notes.append(t) or 0\nn = sorted(texts, key=by)\n"
            "said = notes[0]"
        ),
        f"{TEXTS}d: dict[str, int] = {{}}\nd[texts[0]] = 1\nsaid = list(d)[0]",
        (
            f"{TEXTS}d: dict[str, list[str]] = {{}}\nd.setdefault('a', []).append(texts[0])\n"
            "said = d['a'][0]"
        ),
    ],
    ids=range(21),
)
def test_page_text_that_is_put_where_a_name_can_reach_it_is_told(text: str) -> None:
    assert remarks(f'{text}\nwrite_to("Taco Bell", said)') == ["page-text-committed"]


def test_a_models_answer_is_told_through_another_name_of_the_list() -> None:
    text = (
        "ans = ai_eval('What?')\na: list[str] = []\nb = a\nb += [ans]\nwrite_to('Taco Bell', a[0])"
    )
    assert remarks(text) == ["model-answer-committed"]


@pytest.mark.parametrize(
    "text",
    [
        # What is chosen because of a page is the plan's own; so is what stands beside its texts.
        "said = 'Hi'\nseen = []\nfor t in list_messages():\n    seen.append((said, t))",
        (
            "words = ['Hi', 'Ho']\nseen = []\nfor t in list_messages():\n    for said in words:\n"
            "        if said in t:\n            seen.append([t, said])\nsaid = words[0]"
        ),
        (
            "seen = {}\nnames = ['A', 'B']\nfor name in names:\n    seen[name] = list_messages()\n"
            "said = names[0]"
        ),
        "said = 'Hi'\n[said for said in list_messages()]",
        "said = 'Hi'\nn = sorted(list_messages(), key=lambda said: len(said))",
        (
            "def clean(text: str) -> str:\n    return text.strip()\nsaid = clean('Hi ')\n"
            "n = [clean(t) for t in list_messages()]"
        ),
        "a = ['Hi']\nb = a[:]\nb.append(list_messages()[0])\nsaid = a[0]",
        "a = ['Hi']\nb = [x for x in a]\nb += list_messages()\nsaid = a[0]",
        (
            "orders = list_orders()\ntotals = {}\nfor order in orders:\n"
            "    totals[order['order_id']] = order['total']\nsaid = 'Hi'"
        ),
        (
            "def take(texts: list[str], into: list[str]) -> None:\n    for text in texts:\n"
            "        into.append(text)\ntexts = ['Hi']\nfound: list[str] = []\n"
            "take(list_messages(), found)\nsaid = texts[0]"
        ),
    ],
    ids=range(10),
)
def test_what_is_the_plans_own_has_no_remark(text: str) -> None:
    assert remarks(f'{text}\nwrite_to("Taco Bell", said)') == []


def judge(text: str, task: str) -> list[str]:
    """The codes of the errors of a plan for a task."""
    checked = check(Source("plan", text), SHOP, task=task)
    return [] if isinstance(checked, CheckedProgram) else [d.code for d in checked]


@pytest.mark.parametrize(
    "value",
    [
        '"Taco Bell".strip()',
        '"taco bell".title()',
        '" taco bell ".strip().upper()',
        "f\"{'Taco Bell'}\"",
        "f\"{'Taco'} {'Bell'}\"",
        'list_stores()[0]["name"].strip()',
        "f\"{list_stores()[0]['name']}, Bell\"",
        "same('Taco Bell')",
        "same(list_stores()[0]['name'])",
        "named(list_stores(), 'Taco Bell')",
    ],
)
def test_texts_of_the_task_may_be_spelled_in_another_way_and_handed_on(value: str) -> None:
    helpers = (
        "def same(x: str) -> str:\n    return x\n"
        "def named(xs: list[Store], x: str) -> str:\n"
        "    return next((s['name'] for s in xs if s['name'] == x), x)\n"
    )
    assert judge(f"{helpers}goto_store({value})", "go to Taco Bell") == []


@pytest.mark.parametrize(
    "value",
    [
        "same('Moby')",
        "best(list_stores())",
        "first(list_stores())",
        "f\"Moby{list_stores()[0]['name'][:0]}\"",
        "f\"{'Moby'}{list_stores()[0]['name'][:0]}\"",
        "f\"{'Mo'}{'by'}\"",
        '"Moby" + list_stores()[0]["name"][:0]',
        '"Taco Bell".replace("Taco", "Moby")',
        '"Moby".strip()',
    ],
)
def test_texts_that_helpers_and_f_strings_have_of_themselves_are_invented(value: str) -> None:
    helpers = (
        "def same(x: str) -> str:\n    return x\n"
        "def best(xs: list[Store]) -> str:\n    return 'Moby'\n"
        "def first(xs: list[Store]) -> str:\n    name = 'Moby'\n    for x in xs:\n"
        "        name = x['name']\n    return name\n"
    )
    assert judge(f"{helpers}goto_store({value})", "go to Taco Bell") == ["invented-argument"]


def test_what_another_name_of_a_list_puts_in_is_judged_too() -> None:
    text = 'names: list[str] = []\nother = names\nother.append("Moby")\ngoto_store(names[0])'
    assert judge(text, "go to Taco Bell") == ["invented-argument"]


def test_keys_under_which_values_are_kept_are_no_values() -> None:
    text = 'found = {}\nfound["best"] = list_stores()[0]["name"]\ngoto_store(found["best"])'
    assert judge(text, "go to the best store") == []


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("麦当劳", "请打开麦当劳的页面"),
        ("すき家", "すき家でカレーを注文して"),
        ("맥도날드", "맥도날드를 열어 줘"),
        ("7-Eleven南店", "打开7-Eleven南店"),
        ("Café", "go to Cafe"),
        ("Cafe Rouge", "go to CAFÉ ROUGE."),
        ("Cafe\u0301", "go to Caf\u00e9"),
    ],
)
def test_a_name_is_found_in_any_script_and_without_its_accents(name: str, task: str) -> None:
    assert judge(f"goto_store({name!r})", task) == []


@pytest.mark.parametrize(
    ("name", "task"), [("麦当劳", "请打开肯德基"), ("Bell", "go to Bellini"), ("caf", "go to Café")]
)
def test_parts_of_words_are_no_names(name: str, task: str) -> None:
    assert judge(f"goto_store({name!r})", task) == ["invented-argument"]
