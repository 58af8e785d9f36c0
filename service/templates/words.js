// The widget's own sentences, in the language that it is to speak. English is the key to all others.

// The wished language if there is one such, else that of the page around, else English.
function languageOf(element) {
  const known = (wished) => Object.keys(STRINGS).find((code) => code.toLowerCase() === wished);
  for (const wished of [element.getAttribute("language"), langAround(element)]) {
    const code = (wished ?? "").trim().toLowerCase();
    const found = known(code) ?? known(code.split("-")[0]);
    if (found) return found;
  }
  return "en";
}

// What the nearest element says of its language; an element may stand in another one's shadow.
function langAround(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) if (at.lang) return at.lang;
  return "";
}

// Gives the function that says a sentence; %(name)s in it stands for a value, where there is one.
function speaker(language) {
  return (text, values = {}) =>
    (STRINGS[language]?.[text] ?? text).replace(/%\((\w+)\)s/g, (slot, name) => values[name] ?? slot);
}
