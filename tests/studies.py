"""Small studies and passages for unit tests, made the way real ones are."""

from pathlib import Path

from corpus.studies import Study, parse_study


def make_study(
    study_id: str = "doe2020", *, finding: str = "benefit", design: str = "single_arm_trial", **more: str
) -> Study:
    """A published study; `more` replaces front matter fields, or sections given as `section_name="text"`."""
    sections = {
        "Key messages": "Stem cells were given to ten people. Kidneys leaked less protein after treatment.",
        "What was studied": "Ten people with lupus took part. They got the cells through a drip.",
        "What they found": "Protein in the urine fell in 9 of 10 people. This was not so in the last person.",
        "Side effects and safety": "One of 10 people had pneumonia. Nobody died.",
        "What to keep in mind": "The study had no comparison group.",
    }
    fields = {"title": "A study of cells", "year": "2020", "people": "10", "link": "https://example.org/a"}
    for name, value in more.items():
        title = next((title for title in sections if title.lower().replace(" ", "_") == name), None)
        if title:
            sections[title] = value
        else:
            fields[name] = value
    front = "\n".join(f"{name}: {value}" for name, value in fields.items())
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    head = f"id: {study_id}\ndesign: {design}\nfinding: {finding}\nstatus: published\n{front}"
    return parse_study(f"---\n{head}\n---\n\n{body}\n", Path(f"{study_id}.md"))


def make_draft(text: str = "One. Two.", **fields: str) -> Study:
    """A draft with one section, in which only `fields` are known beside its title."""
    front = "\n".join(f"{name}: {value}" for name, value in fields.items())
    return parse_study(
        f"---\nid: doe2020\ntitle: Cells\nstatus: draft\n{front}\n---\n\n## What they found\n\n{text}\n",
        Path("doe2020.md"),
    )
