from pathlib import Path

from corpus.passages import MAX_WORDS, split_study
from corpus.studies import LIBRARY, Study, load_studies, parse_study


def study(*sections: tuple[str, str]) -> Study:
    body = "\n".join(f"## {title}\n\n{text}\n" for title, text in sections)
    return parse_study(f"---\nid: doe2020\ntitle: A trial\nstatus: draft\n---\n{body}", Path("doe2020.md"))


def test_each_section_is_cut_by_itself() -> None:
    """A passage never holds words of two sections, and ids count on through the study."""
    passages = split_study(study(("Key messages", "One. Two."), ("What they found", "Three.")))
    assert [(p.passage_id, p.section, p.text) for p in passages] == [
        ("doe2020#0", "key-messages", "One. Two."),
        ("doe2020#1", "what-they-found", "Three."),
    ]


def test_long_section_is_cut_between_sentences() -> None:
    """A section longer than a passage is cut between sentences, and nothing is lost."""
    sentence = "This is sentence number {} of a long section with a dozen words."
    text = " ".join(sentence.format(number) for number in range(60))
    passages = split_study(study(("What they found", text)))
    assert len(passages) > 1
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)
    assert " ".join(passage.text for passage in passages) == text


def test_empty_section_gives_no_passage() -> None:
    """A heading without text is not indexed."""
    assert split_study(study(("Key messages", ""))) == []


def test_offsets_lead_back_to_the_section() -> None:
    """Every passage and sentence of the shipped library is found in its section at its offsets."""
    for one in load_studies(LIBRARY):
        for passage in split_study(one):
            text = one.section(passage.section).text
            assert text[passage.start : passage.start + len(passage.text)] == passage.text
            for span in passage.sentences:
                assert passage.quote(span) == text[span.start : span.end] != ""
