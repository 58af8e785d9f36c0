import pytest

from evaluation.judging.order import FEWEST, MOST, Turn, order_turns

GROUPS = {question: [question * 100 + n for n in range(10)] for question in range(8)}


def question_of(turn: Turn) -> int:
    return turn.item // 100


def runs_of(order: tuple[Turn, ...]) -> list[int]:
    """The questions in the order in which they are taken up."""
    questions = [question_of(turn) for turn in order]
    return [each for place, each in enumerate(questions) if place == 0 or questions[place - 1] != each]


def test_every_item_comes_once_and_a_few_come_twice() -> None:
    """All items have their first turn; one in twenty has a second one, and it comes after the first."""
    order = order_turns(GROUPS, "seed A")
    first = [turn.item for turn in order if turn.occurrence == 1]
    second = [turn for turn in order if turn.occurrence == 2]
    assert sorted(first) == sorted(item for items in GROUPS.values() for item in items)
    assert len(second) == len({turn.item for turn in second}) == 4
    for turn in second:
        assert order.index(Turn(turn.item)) < order.index(turn)


def test_a_questions_items_come_together() -> None:
    """Each question is taken up once, those with an item that comes twice once more, after another."""
    order = order_turns(GROUPS, "seed A")
    again = {question_of(turn) for turn in order if turn.occurrence == 2}
    taken_up = runs_of(order)
    assert {each: taken_up.count(each) for each in GROUPS} == {each: 1 + (each in again) for each in GROUPS}


def test_a_question_that_comes_back_brings_as_many_new_items_as_old_ones() -> None:
    """So its return does not say that its items have been there before."""
    order = order_turns(GROUPS, "seed A")
    for question in {question_of(turn) for turn in order if turn.occurrence == 2}:
        places = [place for place, turn in enumerate(order) if question_of(turn) == question]
        gap = next(n for n in range(1, len(places)) if places[n] != places[n - 1] + 1)
        back = [order[place].occurrence for place in places[gap:]]
        assert back.count(1) == back.count(2) > 0


def test_each_rater_has_an_order_of_their_own_and_always_the_same_one() -> None:
    """The seed decides; where items were given in another order, that changes nothing."""
    order = order_turns(GROUPS, "seed A")
    turned = {question: items[::-1] for question, items in reversed(GROUPS.items())}
    assert order == order_turns(turned, "seed A")
    assert order != order_turns(GROUPS, "seed B")


def test_no_order_is_that_of_the_items() -> None:
    """Of many raters none gets a question's items as they are numbered, nor do two get the same order."""
    orders = {order_turns({1: range(10), 2: range(100, 110)}, f"seed {n}") for n in range(50)}
    assert len(orders) == 50
    for order in orders:
        items = [turn.item for turn in order if turn.occurrence == 1 and turn.item < 100]
        assert items != sorted(items)


@pytest.mark.parametrize(
    ("questions", "items", "twice"), [(1, 40, 0), (2, 3, 1), (4, 5, FEWEST), (60, 20, MOST)]
)
def test_how_many_come_twice(questions: int, items: int, twice: int) -> None:
    """None where nothing could lie between; else at least two where there is room, and at most 20."""
    groups = {question: [question * 100 + n for n in range(items)] for question in range(questions)}
    order = order_turns(groups, "seed")
    assert sum(turn.occurrence == 2 for turn in order) == twice
    assert len(order) == questions * items + twice


def test_an_empty_pool_has_no_turns() -> None:
    """Nothing to show is no fault."""
    assert order_turns({}, "seed") == ()
