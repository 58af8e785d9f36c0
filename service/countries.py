"""Countries, with the words made from their names, and other places that people name a study by."""

_COUNTRIES = """
american america usa
argentine argentina
australian australia
austrian austria
bangladeshi bangladesh
belgian belgium
brazilian brazil
british britain uk england
canadian canada
chilean chile
chinese china
colombian colombia
cuban cuba
czech czechia
danish denmark
dutch netherlands holland
egyptian egypt
finnish finland
french france
german germany
greek greece
hungarian hungary
indian india
indonesian indonesia
iranian iran
iraqi iraq
irish ireland
israeli israel
italian italy
japanese japan
kenyan kenya
korean korea
malaysian malaysia
mexican mexico
nigerian nigeria
norwegian norway
pakistani pakistan
peruvian peru
portuguese portugal
romanian romania
russian russia
saudi arabia
scottish scotland
singaporean singapore
spanish spain
swedish sweden
swiss switzerland
taiwanese taiwan
thai thailand
tunisian tunisia
turkish turkey
ukrainian ukraine
vietnamese vietnam
african africa
european europe
"""

_PLACES = """
amsterdam athens baltimore barcelona basel beijing berlin birmingham boston brussels budapest cairo cambridge
chicago cleveland copenhagen dallas delhi dublin edinburgh geneva glasgow guangdong guangzhou hamburg harvard
heidelberg hopkins houston istanbul jerusalem karolinska kunming leeds leiden lisbon london madrid manchester
mayo melbourne miami milan montreal moscow mumbai munich nanjing oslo oxford panama paris peking philadelphia
pittsburgh prague rome seattle seoul shanghai shenzhen sichuan stanford stockholm sydney taipei tehran tijuana
tokyo toronto vienna warsaw wuhan yale yunnan zhejiang zurich california texas florida ohio michigan
"""

PLACES: dict[str, frozenset[str]] = {place: frozenset((place,)) for place in _PLACES.split()} | {
    name: frozenset(line.split()) for line in _COUNTRIES.strip().split("\n") for name in line.split()
}
"""Each place in lower case, with every word by which a summary may speak of it."""
