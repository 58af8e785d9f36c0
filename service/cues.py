"""Cues: the words by which people announce a name, in English and Spanish, and those that end one."""

import re

from index.function_words import FUNCTION_WORDS

STOPPING = FUNCTION_WORDS | frozenset(
    """
    and or but so because since who whom when my your has had have is was are were am been being and also from
    with years year old age aged diagnosed suffering please wrote told asked prescribed wants thinks thought
    recommended suggested started stopped put gave y e o pero porque tengo tiene soy es que de a la el los las
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
    hija hijo hijas hijos esposa esposo marido mujer madre mama padre papa papi mami hermana hermano tia tio
    abuela abuelo sobrina sobrino prima primo amiga amigo novia novio pareja vecina vecino bebe nina nino
    suegra suegro cunada cunado nieta nieto
    """.split()
)
CALLINGS = frozenset(
    "doctor professor physician rheumatologist nephrologist doctora enfermera profesor profesora".split()
)
GREETINGS = frozenset("hi hello hey dear hola estimado estimada querido querida buenas".split())
TITLES = frozenset(
    """
    dr drs mr mrs mister missus miss ms mx prof sra srta dra sr sir rev fr doc senor senora senorita don dona
    """.split()
)
"""After these a name follows, and little else; after relatives, callings and greetings one may follow."""

STUDIES = frozenset("study studies trial trials trail trails paper papers meta-analysis".split())
"""What an author's name stands before."""

CARE_HOME = frozenset(
    "hospital clinic hospitals medical center centre health infirmary hospice clinica".split()
)
"""What the name of a hospital stands before."""

AFTER_EPONYM = frozenset(
    """
    disease diseases syndrome syndromes phenomenon thyroiditis lymphoma lymphomas palsy criteria test tests
    score scores scale index method kappa esophagus sign signs procedure classification grade stage cell cells
    body bodies anemia vasculitis arteritis encephalopathy contracture tumor tumour sarcoma reaction analysis
    regression curve model models correlation correction stain staining ulcer node nodes triad nephritis
    purpura dystrophy chorea ataxia
    """.split()
)
"""What a person's name before it belongs to: Hughes syndrome, Fisher's test."""

PERSONAL_VERBS = frozenset(
    "has had takes took got is was said says told gave thinks wants feels died".split()
)
"""What somebody does whose name opens a sentence."""

NOT_ALONE = frozenset("will may art gene chance drew grant can".split())
"""First names that are far more often another word: without a capital they need another name beside them."""

TIMES = frozenset(
    "in since last next early late mid of until by from to every this the during after before new".split()
)
"""Words before "May" or "Paris" that tell of a month or a place."""

AND = frozenset("and or y e o".split())
"""Between two names."""

_SMALL = r"[\s:,\"“‘'-]"  # noqa: RUF001 - quotes as people type them
_APOSTROPHE = "['’]"  # noqa: RUF001
_CALL_ME = "|".join(f"{who} call(?:s)? me" for who in ("you can", "just", "people", "they", "everyone"))

INTRODUCED = re.compile(
    r"\b(?:(?:my|his|her|their|whose|the) (?:full |first |last |real |sur|maiden |middle |nick|user)?names? ?"
    rf"(?:is|was|are|:|=)|name{_APOSTROPHE}s|"
    rf"(?:my|full|first|last|patient|patient{_APOSTROPHE}s|nick|sur)[ -]?name ?[:=]|"
    r"^name ?[:=]|\bname:|aka|a\.k\.a\.?|goes by|go by|née|nee|surname(?: is)?|(?:me|se) llam[oaóe]\w*|"
    rf"mi nombre(?: completo)? es|nombre ?:|mi apellido es|{_CALL_ME}){_SMALL}*",
    re.IGNORECASE | re.MULTILINE,
)
"""After this a name follows, whatever it looks like."""

PRESENTED = re.compile(
    rf"\b(?:i am|i{_APOSTROPHE}?m|im|this is|named|called|calls? (?:her|him|me|them)|soy|habla|llamad[oa]|"
    rf"signed(?: by)?|told me by|written by|ask for|met|saw|see|seeing|contact|cc){_SMALL}+",
    re.IGNORECASE,
)
"""After this a name may follow."""

LIVING = re.compile(
    r"\b(?:(?:i|we|she|he|who|and|now) (?:currently |now |still )?"
    r"(?:lives?|resides?|grew up|works?)(?: here| now)? (?:in|near|outside(?: of)?)|living (?:in|near)|"
    rf"(?:i{_APOSTROPHE}?m|i am|im|we{_APOSTROPHE}?re|we are|she{_APOSTROPHE}?s|he{_APOSTROPHE}?s|i come|"
    r"we come|originally) from|moved (?:here )?(?:to|from)|resident of|based in|"
    r"vivo (?:en|cerca de)|vivimos en|soy de|somos de|resido en)\s+",
    re.IGNORECASE,
)
"""After this a place follows."""

_SIGNED = r"[^\W\d_][^\W\d_.'’-]*\.?"  # noqa: RUF001
FAREWELL = re.compile(
    r"(?:\b(?:thanks?(?: you)?(?: (?:so|very) much| a lot| again| in advance)?|thx|ty|cheers|"
    r"(?:kind |best |warm )?regards|sincerely|yours(?: truly| sincerely| faithfully)?|best(?: wishes)?|love|"
    r"warmly|xoxo+|xx+|respectfully|signed|hugs|blessings|gracias|(?:un )?saludos?|atentamente|un abrazo|"
    r"abrazos|besos|cordialmente)\b[\s,.!:;–—-]*|(?:^|\n|\s)[-–—~]+\s*)"  # noqa: RUF001
    rf"(?P<name>{_SIGNED}(?:[ \t]+{_SIGNED}){{0,3}})[\s.,!]*(?:$|\n)",
    re.IGNORECASE,
)
"""The end of a letter, with who signs it."""
