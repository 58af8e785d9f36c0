// The question form. Enter asks, as in any search; with Shift it begins a new line.

function questionField() {
  const field = make("textarea", {
    id: "question", name: "question", rows: 3, required: true, dir: "auto", autocomplete: "off", enterKeyHint: "search", part: "input",
  });
  field.addEventListener("keydown", (event) => {
    // 229: the Enter that ends the writing of a word by an input method, in Safari.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
  return field;
}

function questionForm(field, say) {
  return make("form", { className: "ask", part: "form" },
    make("label", { htmlFor: field.id, part: "label" }, say("Your question")),
    field,
    make("button", { type: "submit", part: "button" }, say("Search the summaries")));
}

// Whether there is a screen keyboard, which covers half of what is to be read.
function isTouched() {
  return matchMedia("(pointer: coarse)").matches;
}
