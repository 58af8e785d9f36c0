from itertools import pairwise

import pytest

from corpus.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nine of 12 people got better. Five of 6 did.", ["Nine of 12 people got better.", "Five of 6 did."]),
        (
            "The mean fell to 3.2 (SD 2.8). P<0.05 vs. placebo.",
            ["The mean fell to 3.2 (SD 2.8).", "P<0.05 vs. placebo."],
        ),
        ("Wang et al. followed 81 people.", ["Wang et al. followed 81 people."]),
        ("IL-2 fell. Was it safe? Yes.", ["IL-2 fell.", "Was it safe?", "Yes."]),
        ("First line\nof one sentence.\n\nNew paragraph", ["First line\nof one sentence.", "New paragraph"]),
        ("- one item\n- another", ["- one item", "- another"]),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    """Abbreviations and decimals end no sentence; paragraphs and list items do."""
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text", ["a. b. \x00 c", "患者は九人。良くなった。", "🙂. B.", "x" * 5000, ". . .", "A.\r\n\r\nB."]
)
def test_offsets_are_exact_in_any_text(text: str) -> None:
    """Spans are in order, apart, stripped, and together hold every visible character."""
    spans = split_sentences(text)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
