"""The results chain: its acts, what it lacks, what it says in words, and a layout in which nothing overlaps."""

from __future__ import annotations

import io
import itertools
import random
import struct
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import pytest

from citystat.city import City
from citystat.errors import CityStatError
from citystat.goals import chain as act
from citystat.goals import chain_paper, tree
from citystat.goals.chain import ORDER, Chain, chain, chains, in_words, missing
from citystat.goals.chain_layout import Box, Layout, Sizes, chain_layout, crossings, tidy
from citystat.goals.results import check
from citystat.measures import edit

SIZES = Sizes(width=100, between=40, gap=10, lane=8)


@pytest.fixture
def goal(city: City) -> int:
    return tree.add_goal(city, tree.add_priority(city, "Safe streets"), "Help arrives in time")


@pytest.fixture
def program(city: City) -> int:
    return act.begin_program(city, "Pothole patrol")


def now(city: City, key: int) -> Chain:
    with city.read() as read:
        return chain(read, key)


def texts(c: Chain, stage: str) -> list[str]:
    return [s.text for s in c.of(stage)]


## Acts


def test_boxes_are_added_changed_moved_and_removed_and_each_act_is_taken_back(city: City, program: int) -> None:
    crew = act.add_step(city, program, "input", "Crew")
    truck = act.add_step(city, program, "input", "Truck", place=0)
    fill = act.add_step(city, program, "activity", "Fill  potholes ", from_id=crew)
    assert texts(now(city, program), "input") == ["Truck", "Crew"] and now(city, program).links == ((crew, fill),)
    assert texts(now(city, program), "activity") == ["Fill potholes"]
    act.change_text(city, truck, "Two trucks")
    act.move_step(city, crew, "input", 0)
    assert texts(now(city, program), "input") == ["Crew", "Two trucks"]
    act.remove_step(city, crew)
    assert texts(now(city, program), "input") == ["Two trucks"] and now(city, program).links == ()
    names = [city.undo() for _ in range(6)]
    assert names == [
        "Remove box from results chain", "Move box of results chain", "Change box of results chain",
        "Add box to results chain", "Add box to results chain", "Add box to results chain",
    ]  # fmt: skip
    assert now(city, program).steps == ()
    for _ in range(6):
        city.redo()
    assert texts(now(city, program), "input") == ["Two trucks"]


def test_a_connection_leads_to_the_right_however_it_was_drawn(city: City, program: int) -> None:
    end, begin = (act.add_step(city, program, stage, stage) for stage in ("outcome", "input"))
    act.link(city, end, begin)
    assert now(city, program).links == ((begin, end),)
    act.link(city, begin, end)  # it is there already
    act.unlink(city, begin, end)
    assert now(city, program).links == ()
    city.undo()
    assert now(city, program).links == ((begin, end),)


def test_a_box_moved_past_what_it_leads_to_is_led_to(city: City, program: int) -> None:
    a, b = (act.add_step(city, program, stage, stage) for stage in ("activity", "output"))
    act.link(city, a, b)
    act.move_step(city, a, "outcome", 0)
    assert now(city, program).links == ((b, a),)
    city.undo()
    assert now(city, program).links == ((a, b),)


def test_a_circle_is_refused_and_nothing_changes(city: City, program: int) -> None:
    a, b, c = (act.add_step(city, program, "activity", name) for name in "abc")
    act.link(city, a, b)
    act.link(city, b, c)
    with pytest.raises(CityStatError, match="leads back here"):
        act.link(city, c, a)
    with pytest.raises(CityStatError, match="itself"):
        act.link(city, a, a)
    assert now(city, program).links == ((a, b), (b, c))


def test_no_moving_about_ever_makes_a_circle(city: City, program: int) -> None:
    dice = random.Random(3)
    ids = [act.add_step(city, program, dice.choice(ORDER), f"box {n}") for n in range(7)]
    for _ in range(60):
        if dice.random() < 0.5:
            act.move_step(city, dice.choice(ids), dice.choice(ORDER), dice.randrange(4))
        else:
            try:
                act.link(city, *dice.sample(ids, 2))
            except CityStatError:
                continue
        c = now(city, program)
        assert all(c.step(a).column <= c.step(b).column for a, b in c.links)
        waiting, left = dict.fromkeys(ids, 0), list(c.links)
        while waiting:  # boxes to which nothing leads go, until none is left
            free = [i for i in waiting if not any(b == i for _, b in left)]
            assert free, c.links
            left = [(a, b) for a, b in left if a not in free]
            waiting = {i: 0 for i in waiting if i not in free}


def test_empty_words_and_unknown_stages_are_refused(city: City, program: int) -> None:
    with pytest.raises(CityStatError):
        act.add_step(city, program, "input", "  ")
    with pytest.raises(CityStatError):
        act.add_step(city, program, "wish", "More")
    with pytest.raises(CityStatError):
        act.begin_program(city, "")
    with pytest.raises(CityStatError):
        act.change_text(city, 999, "More")
    assert now(city, program).steps == ()


def test_a_first_chain_is_suggested_from_the_kinds_of_the_measures(city: City, goal: int) -> None:
    for code, name, kind in (
        ("A-1", "Posts filled", "input"), ("A-2", "Calls taken", "output"), ("A-3", "Cost a call", "efficiency"),
        ("A-4", "Calls taken in 10 seconds", "quality"), ("A-5", "Answered in time", "intermediate outcome"),
    ):  # fmt: skip
        tree.link_measure(city, goal, edit.save_measure(city, None, code=code, name=name, kind=kind))
    c = now(city, act.begin(city, goal, suggested=True))
    assert [(s.stage, s.code) for s in c.steps] == [
        ("input", "A-1"), ("output", "A-2"), ("output", "A-3"), ("output", "A-4"), ("intermediate outcome", "A-5"),
        ("outcome", ""),
    ]  # fmt: skip
    assert c.name == texts(c, "outcome")[0] == "Help arrives in time"  # what it is all for, until it has a measure
    assert [(s.code, c.after(s.id)[0].stage) for s in c.steps if c.after(s.id)] == [("A-5", "outcome")]  # “in time”
    assert [lack.kind for lack in missing(c)] == ["nowhere"] * 4 + ["no measure"]  # no line without a word in common
    with city.read() as read:
        assert act.chain_of(read, goal) == c.id
    assert act.begin(city, goal, suggested=False) == c.id  # one a goal
    city.undo()
    with city.read() as read:
        assert act.chain_of(read, goal) is None


def test_a_goal_goes_with_its_chain_and_comes_back_with_it(city: City, goal: int) -> None:
    key = act.begin(city, goal, suggested=True)
    act.add_step(city, key, "activity", "Answer", from_id=None)
    before = now(city, key)
    tree.remove(city, "goal", goal)
    with city.read() as read:
        assert chains(read) == []
    city.undo()
    assert now(city, key) == before


def test_what_a_chain_lacks_is_said_the_gravest_first(city: City, program: int) -> None:
    assert [lack.words for lack in missing(now(city, program))] == ["Nothing is drawn yet"]
    a = act.add_step(city, program, "activity", "Patch")
    b = act.add_step(city, program, "output", "Potholes filled", from_id=a)
    assert [(lack.kind, lack.step_id) for lack in missing(now(city, program))] == [
        ("no outcome", None), ("nowhere", b), ("no measure", b),
    ]  # fmt: skip
    end = act.add_step(city, program, "outcome", "Good streets")
    assert "Nothing leads to “Good streets”" in [lack.words for lack in missing(now(city, program))]
    measure = edit.save_measure(city, None, code="PW-01", name="Condition", kind="outcome")
    act.link(city, b, end)
    for step in (b, end):
        act.attach(city, step, measure)
    assert missing(now(city, program)) == []
    act.attach(city, end, None)
    assert [lack.kind for lack in missing(now(city, program))] == ["no measure"]


def test_the_results_check_has_the_chains_that_reach_no_outcome(city: City, program: int) -> None:
    act.add_step(city, program, "activity", "Patch")

    def rule() -> tuple[int, list[str]]:
        with city.read() as read:
            found = {r.asked: r for r in check(read, date(2026, 3, 1))}["Results chains that reach no outcome"]
        return found.of, [f.place for f in found.findings]

    assert rule() == (1, [f"chain:{program}"])
    act.add_step(city, program, "outcome", "Good streets")
    assert rule() == (1, [])


def test_the_sample_city_has_two_good_chains(sample_city: City) -> None:
    with sample_city.read() as read:
        goal, program = chains(read)
    assert (goal.name, program.name, program.department) == ("Help arrives in time", "Pothole patrol", "Public works")
    for c in (goal, program):
        assert {s.stage for s in c.steps} == set(ORDER)
        assert {lack.kind for lack in missing(c)} <= {"no measure"}
        columns = [[s.id for s in c.of(stage)] for stage in ORDER]
        assert crossings(columns, c.links) <= 2
    said = in_words(program)
    assert "Outcomes: Streets are in good condition (PW-02)." in said
    assert "“Patches hold over the winter” leads to “Streets are in good condition”" in said


def test_word_has_the_picture_across_the_page_with_the_chain_in_words(sample_city: City, tmp_path: Path) -> None:
    import docx

    with sample_city.read() as read:
        c = chains(read)[1]
        content = chain_paper.compose(read, c, a_dot(), 0.3, date(2026, 3, 10))
    to = tmp_path / "chain.docx"
    chain_paper.write_paper(content, to, template=None, now=datetime(2026, 3, 10))
    word = docx.Document(io.BytesIO(to.read_bytes()))
    assert word.sections[0].page_width > word.sections[0].page_height
    assert in_words(c) in zipfile.ZipFile(to).read("word/document.xml").decode().replace("&amp;", "&")
    assert [cell.text for cell in word.tables[0].columns[1].cells][1:] == [s.text for s in c.steps]


def a_dot() -> bytes:
    """The smallest picture there is."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(4))),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


## Layout


def drawn(columns: list[list[int]], links: list[tuple[int, int]], heights: dict[int, float] | None = None) -> Layout:
    boxes = [Box(box, c, (heights or {}).get(box, 40.0)) for c, column in enumerate(columns) for box in column]
    return chain_layout(boxes, links, SIZES)


def on_a_curve(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Points along it, close to each other."""
    found = []
    for a, b, c, d in zip(points[::3], points[1::3], points[2::3], points[3::3], strict=False):
        for n in range(41):
            t = n / 40
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            found.append(tuple(sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1)))
    return found


def sound(layout: Layout, columns: list[list[int]]) -> None:
    """No two boxes overlap, their order stands, nothing is cut, and no line runs through a box."""
    boxes = layout.boxes
    for column in columns:
        for a, b in itertools.pairwise(column):
            assert boxes[a].y + boxes[a].height + SIZES.gap <= boxes[b].y + 0.02
    for rect in boxes.values():
        assert rect.y >= 0 and rect.x >= 0
        assert rect.y + rect.height <= layout.height + 0.01 and rect.x + rect.width <= layout.width + 0.01
    for curve in layout.curves:
        for x, y in on_a_curve(curve.points):
            assert -0.01 <= x <= layout.width + 0.01 and -0.01 <= y <= layout.height + 0.01
            for rect in boxes.values():
                inside = rect.x + 0.1 < x < rect.x + rect.width - 0.1 and rect.y < y < rect.y + rect.height
                assert not inside, (curve.link, x, y, rect)


def test_boxes_that_are_joined_one_to_one_stand_at_one_height() -> None:
    layout = drawn([[1], [2], [3], [4], [5]], [(1, 2), (2, 3), (3, 4), (4, 5)], {3: 90.0})
    assert len({round(rect.middle, 1) for rect in layout.boxes.values()}) == 1
    sound(layout, [[1], [2], [3], [4], [5]])


def test_a_line_over_columns_finds_a_way_between_their_boxes() -> None:
    columns = [[1], [2, 3, 4], [5, 6], [], [7]]
    layout = drawn(columns, [(1, 7), (1, 3), (2, 5), (2, 7), (4, 6), (5, 7)])
    sound(layout, columns)


def test_lines_within_a_column_swing_out_beside_it() -> None:
    columns = [[1, 2], [], [], [], [3, 4]]
    sound(drawn(columns, [(1, 2), (3, 4), (1, 3)]), columns)


def test_any_chain_is_laid_out_soundly_and_the_same_every_time() -> None:
    dice = random.Random(7)
    for _ in range(120):
        ids = itertools.count(1)
        columns = [[next(ids) for _ in range(dice.randrange(6))] for _ in range(5)]
        heights = {box: dice.choice((44.0, 62.0, 96.0)) for column in columns for box in column}
        at = {box: c for c, column in enumerate(columns) for box in column}
        links = [(a, b) for a in at for b in at if a < b and at[a] <= at[b] and dice.random() < 0.18]
        layout = drawn(columns, links, heights)
        sound(layout, columns)
        assert layout == drawn(columns, links, heights)


def test_tidying_crosses_no_more_lines_than_before_and_keeps_a_good_order() -> None:
    columns, links = [[1, 2, 3], [4, 5, 6], [], [], [7, 8]], [(1, 6), (2, 5), (3, 4), (4, 8), (6, 7)]
    better = tidy(columns, links)
    assert (crossings(columns, links), crossings(better, links)) == (4, 0)
    assert [sorted(column) for column in better] == columns
    assert tidy(better, links) == better
    dice = random.Random(11)
    for _ in range(40):
        links = [(a, b) for a in (1, 2, 3) for b in (4, 5, 6) if dice.random() < 0.5]
        assert crossings(tidy(columns, links), links) <= crossings(columns, links)


def test_an_empty_chain_has_a_layout() -> None:
    assert drawn([[], [], [], [], []], []).height == 0
