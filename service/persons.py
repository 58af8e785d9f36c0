"""Persons: the names of people in a text, told by the words around them, by lists, and by being no word at all.

Names are guessed generously. A word is left only where it is one: of the library, of the language, of medicine.
Whatever else people type, a name that no list has or a word that cannot be read, is taken out, because it cannot
be told from a name.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

from index.function_words import FUNCTION_WORDS
from service.lookalikes import HURRIED, MEDICAL
from service.mentions import Mention, mentions
from service.mentions import Token as Spoken
from service.slips import near_spellings
from service.translation import plain

NAMES = Path(__file__).with_name("names.yaml")

NAME, WORD, PLACE = "name", "word", "place"
"""What stands for a person's name, for a word that nobody knows, and for where somebody lives."""

SHORTEST = 3
"""Letters from which an unknown word may be a name; shorter ones are everywhere ("B cells", "IL")."""

LONGEST_ABBREVIATION = 5
"""Letters up to which a word in capitals is an abbreviation."""

HALF = 3
"""Letters that each half of a compound word has at least ("breast" and "feeding")."""

MOST_NAMES = 4
"""Words that a name has at most, where the words before say that one follows."""

_TOKEN = re.compile(r"\[[a-z]+\]|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")  # noqa: RUF001
_BREAK = re.compile(r"[.!?\n:;]")
_GAP = re.compile(r"[ \t]*[-‐‑.]?[ \t]*|['’]s ?", re.ASCII)  # noqa: RUF001

STOPPING = FUNCTION_WORDS | frozenset(
    """
    and or but so because since who whom when my your has had have is was are were am been being and also from
    with years year old age aged diagnosed suffering please wrote told asked prescribed wants thinks thought
    recommended suggested started stopped put gave y e o pero porque tengo tiene soy es que de la el los las
    con mi su sus por para en un una desde hace me se le lo
    """.split()
)
"""Words that end a name, or are none although one is expected."""

PARTICLES = frozenset("de la las los del da dos van von der den ter bin ibn al el di du le mac mc st".split())
"""Small words within a family name."""

RELATIVES = frozenset(
    """
    daughter son wife husband mother mom mum mommy mummy mama ma father dad daddy papa pa sister brother aunt
    auntie uncle grandmother grandma granny nana grandfather grandpa niece nephew cousin friend partner
    boyfriend girlfriend fiance fiancee baby kid child girl boy twin twins sis bro hubby stepson stepdaughter
    stepmother stepfather roommate neighbor neighbour colleague coworker boss caregiver carer nurse patient
    hija hijo hijas hijos esposa esposo marido mujer madre mamá mami padre papá papi hermana hermano tía tío
    abuela abuelo sobrina sobrino prima primo amiga amigo novia novio pareja vecina vecino bebé niña niño
    """.split()
)
STUDIES = frozenset("study studies trial trials trail trails paper papers meta-analysis".split())
"""What an author's name stands before."""

TITLES = frozenset(
    "dr drs mr mrs mister missus miss ms mx prof sra srta dra sr sir rev fr doc señor señora señorita don doña".split()
)
"""After these a name follows, and little else."""

CALLINGS = frozenset("doctor professor physician rheumatologist nephrologist doctora enfermera profesor profesora".split())
"""After these a name may follow."""

GREETINGS = frozenset("hi hello hey dear hola estimado estimada querido querida buenas".split())
FAREWELL = re.compile(
    r"(?:\b(?:thanks?(?: you)?(?: (?:so|very) much| a lot| again| in advance)?|thx|ty|cheers|(?:kind |best |warm )?"
    r"regards|sincerely|yours(?: truly| sincerely| faithfully)?|best(?: wishes)?|love|xoxo+|xx+|respectfully|"
    r"signed|hugs|blessings|gracias|(?:un )?saludos?|atentamente|un abrazo|abrazos|besos|cordialmente)\b"
    r"[\s,.!:;–—-]*|(?:^|\n|\s)[-–—~]+\s*)"  # noqa: RUF001
    r"(?P<name>[^\W\d_][^\W\d_.'’-]*\.?(?:[ \t]+[^\W\d_][^\W\d_.'’-]*\.?){0,3})[\s.,!]*(?:$|\n)",  # noqa: RUF001
    re.IGNORECASE,
)
INTRODUCED = re.compile(
    r"\b(?:(?:my|his|her|their|whose|the) (?:full |first |last |real |sur|maiden |middle |nick|user)?names? ?"
    r"(?:is|was|are|:|=)|name['’]s|(?:my|full|first|last|patient|patient['’]s|nick|sur)[ -]?name ?[:=]|^name ?[:=]|"  # noqa: RUF001
    r"\bname:|aka|a\.k\.a\.?|goes by|go by|née|nee|surname(?: is)?|(?:me|se) llam[oaóe]\w*|mi nombre(?: completo)? es|"
    r"nombre ?:|mi apellido es|you can call me|just call me|people call me|they call me|everyone calls me)[\s:,\"“‘'-]*",  # noqa: RUF001
    re.IGNORECASE | re.MULTILINE,
)
"""After this a name follows, whatever it looks like."""

PRESENTED = re.compile(
    r"\b(?:i am|i['’]?m|im|this is|named|called|calls? (?:her|him|me|them)|soy|habla|llamad[oa]|"  # noqa: RUF001
    r"signed(?: by)?|told me by|written by|ask for|met|saw|see|seeing|contact|cc)[\s:,\"“‘'-]+",  # noqa: RUF001
    re.IGNORECASE,
)
"""After this a name may follow."""

LIVING = re.compile(
    r"\b(?:(?:i|we|she|he|who|and|now) (?:currently |now |still )?(?:lives?|reside|resides|grew up|work|works)"
    r"(?: here| now)? (?:in|near|outside(?: of)?)|"
    r"living (?:in|near)|(?:i['’]?m|i am|im|we['’]?re|we are|she['’]?s|he['’]?s|i come|we come|originally) from|"  # noqa: RUF001
    r"moved (?:here )?(?:to|from)|resident of|based in|vivo (?:en|cerca de)|vivimos en|soy de|somos de|resido en)\s+",
    re.IGNORECASE,
)
CARE_HOME = frozenset("hospital clinic hospitals medical center centre health infirmary hospice clínica".split())

AFTER_EPONYM = frozenset(
    """
    disease diseases syndrome syndromes phenomenon thyroiditis lymphoma lymphomas palsy criteria test tests score
    scores scale index method kappa esophagus sign signs procedure classification grade stage cell cells body bodies
    anemia vasculitis arteritis encephalopathy contracture tumor tumour sarcoma reaction analysis regression curve
    model models correlation correction stain staining ulcer node nodes triad nephritis purpura dystrophy chorea
    ataxia
    """.split()
)
"""What a person's name before it belongs to: Hughes syndrome, Fisher's test."""

PERSONAL_VERBS = frozenset("has had takes took got is was said says told gave thinks wants feels died".split())
NOT_ALONE = frozenset("will may art gene chance drew grant can".split())
"""First names that are far more often another word: without a capital they need another name beside them."""

TIMES = frozenset("in since last next early late mid of until by from to every this the during after before new".split())
"""Words before "May" or "Paris" that tell of a month or a place."""

SUFFIXES = re.compile(
    r"\w{3,}(?:mab|nib|cept|statin|sartan|prazole|azole|cillin|mycin|oxacin|olol|pril|dipine|gliptin|glutide|"
    r"parin|xaban|setron|triptan|profen|coxib|sone|solone|onide|limus|zolamide|quine|cycline|"
    r"itis|osis|oses|emia|aemia|uria|pathy|pathies|pathic|ectomy|otomy|ostomy|plasty|scopy|graphy|gram|"
    r"algia|algic|logy|logic|logical|logist|lysis|lytic|penia|penic|philia|plegia|trophy|trophic|genic|genesis|"
    r"cyte|cytes|cytic|cytosis|blast|blasts|oma|omas|toxic|toxicity|emic|emias|itic|otic|ization|isation|"
    r"globulin|globulins|globin|kine|kines|ferase|genase|ase|ases|amine|amide|idine|oxide|phage|phages|"
    r"tion|tions|sion|sions|ism|isms|oid|ness|ment|ments|ously|ically|ized|ised|izing|ising|hood|"
    r"suppressant|suppressants|suppression|suppressive|inflammatory|therapy|therapies|therapeutic|vascular|"
    r"nephritic|rheumatic|arthritic|lupus|antibody|antibodies)"
)
"""How words of medicine end, so that one which no list has is known for one."""

LONG_SUFFIXES = re.compile(
    r"\w{5,}(?:al|ally|ic|ics|ous|ive|ives|ary|aries|ory|ular|ium|ins?|ol|ones?|ides?|ates?|ated|ene|ents?|ants?|"
    r"[ae]nce|scope|gens?|eal|ine|ines|ies|ture|tures|ency|ancy)"
)
"""Endings that names have as well, but hardly ever such long ones that no list has."""


class Names(NamedTuple):
    """The lists of names.yaml.

    Attributes:
        firm: names and hardly ever anything else.
        given: first names that are everyday words.
        family: family names that are everyday words.
        words: what is no name: medicines, eponyms, and everyday words that no other list has.
    """

    firm: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]


@cache
def load_names(path: Path = NAMES) -> Names:
    """The lists, read once."""
    lists = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    firm, given, family, medical, everyday = (
        frozenset(lists[key].split()) for key in ("names", "given", "family", "medical", "everyday")
    )
    return Names(firm, given, family, medical | everyday)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What tells a word from a name.

    Attributes:
        is_word: whether a word, in lower case without accents, is one of the library or the language.
        is_common: whether it is one that everybody uses.
        mends: whether a word that is none is clearly a misspelt one.
        authors: family names of the library's authors.
    """

    is_word: Callable[[str], bool]
    is_common: Callable[[str], bool]
    mends: Callable[[str], bool] = lambda _: False
    authors: Collection[str] = field(default=frozenset())


class Token(NamedTuple):
    """A word of a text.

    Attributes:
        text: as it was typed.
        start, end: its place.
        opens: whether it is the first word of a sentence.
    """

    text: str
    start: int
    end: int
    opens: bool

    @property
    def word(self) -> str:
        """In lower case, without accents and apostrophes."""
        return plain(re.sub(r"['’]s$", "", self.text)).replace("'", "").replace("’", "")  # noqa: RUF001


def without_persons(text: str, vocabulary: Vocabulary) -> str:
    """The text with "[name]" for each person's name, "[word]" for each word that nobody knows."""
    reading = _Reading(text, vocabulary)
    marks = reading.marks()
    out, at = [], 0
    for number in sorted(marks):
        token = reading.tokens[number]
        end = token.end - 2 if re.search(r"['’]s$", token.text) else token.end  # noqa: RUF001
        out += [text[at : token.start], f"[{marks[number]}]"]
        at = end
    return _joined("".join([*out, text[at:]]))


def _joined(text: str) -> str:
    """The same with one mark for a name of several words, its initials included."""
    text = re.sub(r"\b[A-Z]\.\s*(?=\[name\])", "", text)
    text = re.sub(r"\[name\](?:\s+[A-Z]\.?(?=\s+\[name\]))", "[name]", text)
    for mark in (NAME, PLACE):
        text = re.sub(rf"\[{mark}\](?:[ \t.‐‑-]*\[{mark}\])+", f"[{mark}]", text)
    return re.sub(r"\[place\](?:,? \[(?:place|name|word)\])+", "[place]", text)


class _Reading:
    """One text, read for names."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.names = load_names()
        self.tokens = _tokens(text)
        self.shouts, self.tells = _capitals(self.tokens)
        self.cited = self._cited()
        self.found: dict[int, str] = {}

    def marks(self) -> dict[int, str]:
        """The numbers of the tokens to be taken out, each with what stands for it."""
        self._introduced()
        self._presented()
        self._living()
        self._titled()
        self._signed()
        self._alone()
        self._beside()
        return self.found

    def _cited(self) -> set[int]:
        """Tokens that name a study by its author: "the Deng trial", "Gu et al.", in the library or not."""
        spans = [(token.start, token.end) for mention in mentions(self.text) for token in _author_in(mention)]
        return {n for n, token in enumerate(self.tokens) for start, end in spans if start <= token.start < end}

    # What a single word is

    def _is_mark(self, n: int) -> bool:
        return self.tokens[n].text.startswith("[")

    def _is_letters(self, n: int) -> bool:
        return self.tokens[n].text[0].isalpha()

    def _has_capital(self, n: int) -> bool:
        """Whether it is written as a name is where other words are not."""
        text = self.tokens[n].text
        return self.tells and text[0].isupper() and not text.isupper()

    def _stands_out(self, n: int) -> bool:
        return self._has_capital(n) and not self.tokens[n].opens

    def _is_firm(self, n: int) -> bool:
        word = self.tokens[n].word
        plural = word.endswith("s") and len(word) > HALF and word[:-1] in self.names.firm
        if word not in self.names.firm and (not plural or self._is_known(n)):
            return self._has_name_in_it(n)
        text = self.tokens[n].text
        is_abbreviation = text.isupper() and not self.shouts and len(text) <= LONGEST_ABBREVIATION
        return not (is_abbreviation and self.vocabulary.is_word(word))

    def _has_name_in_it(self, n: int) -> bool:
        parts = re.split(r"['’]", plain(self.tokens[n].text))  # noqa: RUF001
        return len(parts) > 1 and any(part in self.names.firm for part in parts if len(part) > 2)  # noqa: PLR2004

    def _is_given(self, n: int) -> bool:
        return self.tokens[n].word in self.names.given

    def _is_maybe(self, n: int) -> bool:
        return self._is_given(n) or self.tokens[n].word in self.names.family

    def _is_known(self, n: int) -> bool:
        """Whether it is a word of the language, the library or medicine."""
        token = self.tokens[n]
        return _is_known(token.word, token.text, self.vocabulary, self.names)

    def _is_unknown(self, n: int) -> bool:
        text, word = self.tokens[n].text, self.tokens[n].word
        is_abbreviation = text.isupper() and len(text) <= LONGEST_ABBREVIATION
        if not self._is_letters(n) or len(word) < SHORTEST or (is_abbreviation and not self.shouts):
            return False
        if self._is_known(n):
            return False
        return self._stands_out(n) or not self.vocabulary.mends(word)

    # Where a name is expected

    def _after(self, pattern: re.Pattern[str]) -> Iterator[int]:
        ends = {match.end() for match in pattern.finditer(self.text)}
        return (n for n, token in enumerate(self.tokens) if token.start in ends)

    def _take(self, n: int, mark: str = NAME) -> None:
        if self._is_letters(n):
            self.found[n] = mark

    def _run(self, first: int, most: int = MOST_NAMES) -> Iterator[int]:
        """Words that stand side by side, from one on."""
        for n in range(first, min(first + most, len(self.tokens))):
            if n > first and not self._are_together(n - 1, n):
                return
            if not self._is_letters(n):
                return
            yield n

    def _are_together(self, one: int, other: int) -> bool:
        return bool(_GAP.fullmatch(self.text[self.tokens[one].end : self.tokens[other].start]))

    def _introduced(self) -> None:
        """"My name is ...": whatever follows, up to a word that ends a name."""
        for first in self._after(INTRODUCED):
            for n in self._run(first):
                if self.tokens[n].word in STOPPING - PARTICLES or (n == first and self._ends(n)):
                    break
                if n > first and self._is_known(n) and not (self._is_maybe(n) or self._stands_out(n)):
                    break
                self._take(n)

    def _ends(self, n: int) -> bool:
        return self.tokens[n].word in STOPPING

    def _presented(self) -> None:
        """"I'm ...", "my daughter ...", "hello ...": what follows where it can be a name."""
        relatives = [
            n + 1
            for n, token in enumerate(self.tokens[:-1])
            if token.text.lower() in RELATIVES | GREETINGS | CALLINGS
            and re.fullmatch(r"[\s,:]*(?:is )?", self.text[token.end : self.tokens[n + 1].start])
        ]
        for first in (*self._after(PRESENTED), *relatives):
            if not self._ends(first) and self._may_be_name(first):
                self._take(first)

    def _may_be_name(self, n: int) -> bool:
        if self._is_firm(n) or self._is_unknown(n):
            return True
        if self._is_given(n) and (self.tokens[n].word not in NOT_ALONE or self._following(n) in PERSONAL_VERBS):
            return True
        return self._is_maybe(n) and self._has_capital(n)

    def _titled(self) -> None:
        """"Dr. ...": whatever follows that is no ordinary word."""
        for n, token in enumerate(self.tokens[:-1]):
            if token.word.rstrip(".") not in TITLES or not self._are_together(n, n + 1):
                continue
            if token.word == "ms" and token.text != "Ms" and not self._is_firm(n + 1):
                continue  # multiple sclerosis
            for after in self._run(n + 1, 2):
                can = self._is_firm(after) or self._has_capital(after)
                can |= self._is_letters(after) and not self.vocabulary.is_word(self.tokens[after].word)
                can |= self._is_maybe(after) and self.tokens[after].word not in NOT_ALONE
                if not can or (self.tokens[after].word in STOPPING and not self._has_capital(after)):
                    break
                self._take(after)

    def _signed(self) -> None:
        """"Thanks, ...", at the end of a text or a line."""
        for match in FAREWELL.finditer(self.text):
            inside = [n for n, token in enumerate(self.tokens) if match.start("name") <= token.start < match.end("name")]
            may = [self._may_be_name(n) or self._is_maybe(n) or self._is_initial(n) for n in inside]
            if inside and all(may[:1]) and not any(self._ends(n) for n in inside):
                for n in inside:
                    self._take(n)

    def _is_initial(self, n: int) -> bool:
        text = self.tokens[n].text
        return text.isupper() and len(text) <= 3 and not self.vocabulary.is_word(text.lower())  # noqa: PLR2004

    def _living(self) -> None:
        """"I live in ...": a place, and what stands with it."""
        for first in self._after(LIVING):
            last = first
            for n in range(first, min(first + 4, len(self.tokens))):
                gap = self.text[self.tokens[last].end : self.tokens[n].start] if n > first else ""
                word = self.tokens[n].word
                is_place = self._has_capital(n) or self.tokens[n].text.isupper() or not self.vocabulary.is_common(word)
                if gap.strip() not in {"", ","} or word in STOPPING or not is_place or not self._is_letters(n):
                    break
                self._take(n, PLACE)
                last = n
        for n, token in enumerate(self.tokens):
            if token.text.lower() not in CARE_HOME or not token.text[0].isupper() or not self.tells:
                continue
            for before in range(n - 1, max(-1, n - 5), -1):
                if not self._has_capital(before) or not self._are_together(before, before + 1):
                    break
                if self.tokens[before].text.lower() not in CARE_HOME and self.tokens[before].word not in STOPPING:
                    self._take(before, PLACE)

    # Names that nothing announces

    def _alone(self) -> None:
        for n in range(len(self.tokens)):
            if n in self.found or n in self.cited or not self._is_letters(n) or self._is_author(n):
                continue
            if self._is_firm(n):
                if not self._is_eponym(n):
                    self.found[n] = NAME
            elif self._is_maybe(n):
                if self._is_spoken_of(n):
                    self.found[n] = NAME
            elif self._is_unknown(n):
                self.found[n] = NAME if self._stands_out(n) else WORD

    def _is_eponym(self, n: int) -> bool:
        following = self.tokens[n + 1 : n + 3]
        return any(token.word in AFTER_EPONYM for token in following)

    def _is_author(self, n: int) -> bool:
        """Whether it may be one of the library's authors, who are asked about without more ado ("Deng or Wang?")."""
        return self.tokens[n].word in self.vocabulary.authors

    def _following(self, n: int) -> str:
        return self.tokens[n + 1].word if n + 1 < len(self.tokens) else ""

    def _is_spoken_of(self, n: int) -> bool:
        """Whether an everyday word stands as a name stands: with a capital that it would not have else."""
        word = self.tokens[n].word
        before = self.tokens[n - 1].word if n else ""
        following = self._following(n)
        if self._is_eponym(n) or before in TIMES or self.vocabulary.is_word(word) and self.tokens[n].text.isupper():
            return False
        if self._stands_out(n):
            return not following.isdigit()
        opens = self.tells and self.tokens[n].opens and self._is_given(n)
        return opens and following in PERSONAL_VERBS and word not in NOT_ALONE - {"rob", "pat", "sue"}

    def _beside(self) -> None:
        """What stands right beside a name and can be part of it."""
        for step in (1, -1):
            order = range(len(self.tokens)) if step == 1 else range(len(self.tokens) - 1, -1, -1)
            for n in order:
                other = n + step
                if self.found.get(n) != NAME or not 0 <= other < len(self.tokens) or other in self.found:
                    continue
                if self._are_together(min(n, other), max(n, other)) and self._is_part(other, after=step == 1):
                    self.found[other] = NAME
                elif step == 1:
                    self._take_behind_particles(other)
                    self._take_next_of_list(other)

    def _is_part(self, n: int, *, after: bool) -> bool:
        word = self.tokens[n].word
        if not self._is_letters(n) or n in self.cited or word in STOPPING | AFTER_EPONYM:
            return False
        if after and self._has_capital(n - 1) and self.tokens[n].text.islower():
            return False  # "Dwayne read that": who writes one name with a capital writes both so
        if after:
            is_written_as_name = self._stands_out(n) and not self.vocabulary.is_common(word)
            return self._is_maybe(n) or is_written_as_name or self._is_firm(n)
        return (self._is_given(n) and (self._has_capital(n) or word not in NOT_ALONE)) or self._is_firm(n)

    def _take_next_of_list(self, n: int) -> None:
        """"Anna and Grace", "Ana y Rosa"."""
        if self.tokens[n].word in {"and", "or", "y", "e", "o"} and n + 1 < len(self.tokens):
            if n + 1 not in self.found and self._is_given(n + 1) and self.tokens[n + 1].word not in NOT_ALONE:
                self.found[n + 1] = NAME

    def _take_behind_particles(self, n: int) -> None:
        """"Maria de la Cruz", "Jan van der Berg"."""
        particles = []
        while n < len(self.tokens) and self.tokens[n].word in PARTICLES and len(particles) < HALF:
            particles.append(n)
            n += 1
        if particles and n < len(self.tokens) and (self._is_maybe(n) or self._is_firm(n) or self._has_capital(n)):
            self.found |= dict.fromkeys([*particles, n], NAME)


def _author_in(mention: Mention) -> Sequence[Spoken]:
    """The word of a mention that is an author's where authors stand, whether or not anybody has heard of them."""
    if mention.noun is None:
        return mention.before if mention.sure else ()
    return mention.before[-1:] if mention.noun.word in STUDIES else ()


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        gap = text[found[-1].end : match.start()] if found else "\n"
        is_title = bool(found) and found[-1].word in TITLES | {"al", "st"}
        opens = bool(_BREAK.search(gap)) and not is_title
        found.append(Token(match.group(), *match.span(), opens))
    return found


def _capitals(tokens: Sequence[Token]) -> tuple[bool, bool]:
    """Whether a text is all in capitals, and whether a capital within a sentence tells anything in it."""
    words = [token.text for token in tokens if token.text[0].isalpha() and len(token.text) > HALF]
    if not words:
        return False, True
    shouts = sum(word.isupper() for word in words) > len(words) / 2
    inner = [token.text for token in tokens if token.text[0].isalpha() and len(token.text) > HALF and not token.opens]
    big = sum(word[0].isupper() for word in inner)
    return shouts, not shouts and (len(inner) < MOST_NAMES or big <= len(inner) * 0.6)


@cache
def _hurried() -> frozenset[str]:
    return frozenset(HURRIED) | frozenset(word.replace("'", "") for word in HURRIED.values())


def _is_known(word: str, text: str, vocabulary: Vocabulary, names: Names) -> bool:
    if word in FUNCTION_WORDS | MEDICAL | names.words | _hurried() or vocabulary.is_word(word):
        return True
    parts = [part for part in re.split(r"['’]", plain(text)) if part]  # noqa: RUF001
    if len(parts) > 1:
        return all(len(part) <= 2 or vocabulary.is_word(part) or part in FUNCTION_WORDS for part in parts)  # noqa: PLR2004
    if SUFFIXES.fullmatch(word) or (text.islower() and LONG_SUFFIXES.fullmatch(word)):
        return True
    if any(_is_stem(stem, vocabulary, names) for stem in _stems(word)):
        return True
    if text.islower() and (FUNCTION_WORDS & set(near_spellings(word)) or _is_misspelt(word, vocabulary)):
        return True
    return text.islower() and any(
        _is_stem(word[:at], vocabulary, names) and _is_stem(word[at:], vocabulary, names)
        for at in range(HALF, len(word) - HALF + 1)
    )


def _is_misspelt(word: str, vocabulary: Vocabulary) -> bool:
    """Whether it is a common word with a cheap slip in it; short words have too many names among their likes."""
    return len(word) > LONGEST_ABBREVIATION and any(map(vocabulary.is_common, near_spellings(word)))


def _is_stem(word: str, vocabulary: Vocabulary, names: Names) -> bool:
    return len(word) >= HALF and word not in names.firm and vocabulary.is_word(word)


def _stems(word: str) -> Iterator[str]:
    """What a word may be a form of."""
    for prefix in ("un", "non", "anti", "re", "pre", "post", "over", "under", "auto", "immuno", "hyper", "hypo", "co", "sub"):
        if word.startswith(prefix) and len(word) - len(prefix) > HALF:
            yield word.removeprefix(prefix)
    yield from (word + ending for ending in ("s", "e", "ed", "ing", "ion", "ions"))
    for ending in ("s", "es", "d", "ed", "er", "ers", "ly", "ing", "ings", "ness", "able", "less", "ful", "al", "ally", "y", "ish"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= HALF:
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem.endswith("i"):
                yield stem[:-1] + "y"
