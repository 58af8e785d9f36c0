// What is audited: each page of the service, each kind of answer, and a page elsewhere with the widget.

const TOO_LONG = "kidneys ".repeat(200);

// Each page: its name, and how a browser gets there. `open` is an address to load; `ask` a question to send with
// the form of the page at `from`; `expect` what must be there then, so that no other page is audited by mistake;
// `status` what the page has to answer with, where that is an error; `within` for the widget, which asks in place.
export function pagesOf(service, host) {
  const asked = (name, ask, expect, more = {}) => ({ name, ask, from: `${service}/`, expect, ...more });
  return [
    { name: "home", open: `${service}/`, expect: "form.ask" },
    asked("answer, two sides", "did it help the kidneys?", "article.answer .contrast"),
    asked("answer, many quotes", "how many people died", "article.answer blockquote"),
    asked("no evidence", "does it help with hair loss?", "article.answer[data-outcome=no_evidence]"),
    asked("personal advice", "should I stop prednisone?", "article.answer .notice"),
    asked("emergency", "I have chest pain and cant breathe", "article.answer .notice.emergency"),
    asked("crisis", "everyone would be better off without me", "article.answer .notice.crisis"),
    asked("question refused", TOO_LONG, "main .problem", { status: 422 }),
    { name: "home, Spanish", open: `${service}/?language=es`, expect: "html[lang=es]" },
    asked("answer, Spanish", "did it help the kidneys?", "html[lang=es] article.answer", { from: `${service}/?language=es` }),
    { name: "studies", open: `${service}/studies`, expect: "main h1" },
    { name: "studies, filtered", open: `${service}/studies?design=randomized_trial`, expect: "main h1" },
    { name: "study", open: `${service}/studies/wang2018`, expect: "main h1" },
    { name: "study, quote marked", open: `${service}/studies/wang2018?quote=what-they-found:0-20`, expect: "mark" },
    { name: "about", open: `${service}/about`, expect: "main h1" },
    { name: "error 404", open: `${service}/nowhere`, expect: "main h1", status: 404 },
    { name: "widget page", open: `${service}/widget`, expect: "main h1" },
    { name: "widget elsewhere", open: `${host}/`, expect: "plaincite-ask" },
    { name: "widget, answer", within: `${host}/`, ask: "did it help the kidneys?", expect: "plaincite-ask >>> article.answer" },
    { name: "widget, floating", open: `${host}/floating`, expect: "plaincite-ask" },
  ];
}
