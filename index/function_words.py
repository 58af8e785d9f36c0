"""Words that say nothing of what a question is about."""

FUNCTION_WORDS = frozenset(
    """
    a about actually after again all also am an and another any anybody anyone anything are aren as
    at away be because become becomes been before being between both but by call called can cannot
    come comes could couldn did didn do does doesn doing don done down during each either else end
    ended even ever every everybody everyone exactly explain far few find finds for found from gave
    get gets getting give given gives go goes going gone got had happen happened happens has hasn
    have haven having he hello her here hers hi him his how i if im in into is isn it its itself
    just keep keeps kind know known knows like likely list long look lot m made make makes many may
    maybe me mean means might mine more most much must my near need needs never no nobody none not
    nothing now of off often ok on once one ones only or other others our out over own per perhaps
    please put question re really s said same saw say says see seem seems seen she should show
    showed shown shows since so some somebody someone something still stuff such sure t take taken
    takes taking tell tells than thank thanks that the their them then there these they thing things
    think this those though through to too took toward true try under until up us use used uses
    using ve very want was wasn way ways we well went were weren what whatever when where whether
    whatever which whichever while who whoever whole whom whose why will with within without won would
    wouldn yes yet you your yours
    """.split()
)
"""English words in lower case, and the pieces that contractions leave ("didn", "t")."""
