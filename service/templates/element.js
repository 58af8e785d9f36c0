// The element: what it is made of, and what happens when somebody asks.
class PlainciteAsk extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  #asking = null; // the question that is on its way
  #asked = ""; // the question whose answer is shown
  #before = ""; // the question before, for "and after five years?"; sent along, kept nowhere else
  #recent = []; // { question, previous }, newest first
  #timer;
  #say;
  #dialog;
  #title;
  #shell = make("div", { className: "shell" });
  #input = questionField();
  #status = make("p", { className: "status" });
  // The log speaks only its status line and problems: an answer read out whole, unasked, helps nobody.
  #log = make("div", { className: "log", part: "answers", role: "log", ariaLive: "polite" }, this.#status);
  #recents = make("div", { className: "suggestions", part: "recent", role: "group", hidden: true });

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#shell);
  }

  connectedCallback() {
    for (const name of ATTRIBUTES) {
      const given = SCRIPT?.dataset[name];
      if (given !== undefined && !this.hasAttribute(name)) this.setAttribute(name, given);
    }
    this.#build();
  }

  attributeChangedCallback() {
    if (this.#shell.firstChild) this.#build();
  }

  disconnectedCallback() {
    this.#stop();
  }

  // The server's address, with a slash at its end.
  get server() {
    return new URL(this.getAttribute("server") || ".", HOME).href.replace(/\/*$/, "/");
  }

  get #site() {
    return this.getAttribute("site") ?? "";
  }

  open() {
    if (!this.#dialog || this.#dialog.open) return;
    this.#dialog.showModal();
    // On a touch screen the keyboard would hide what this is before anybody has read it.
    const mayType = !this.#asked && !isTouched();
    (mayType ? this.#input : this.#title).focus();
  }

  close() {
    this.#dialog?.close();
  }

  // Asks; an answer that is still on its way to an older question is dropped.
  ask(question) {
    return this.#ask(question, this.#before);
  }

  #build() {
    const language = languageOf(this);
    const say = (this.#say = speaker(language));
    const isFloating = this.getAttribute("mode") === "floating";
    const own = this.getAttribute("heading");
    const heading = own || (own === "" && !isFloating ? "" : say("Ask what the studies say"));
    this.#title = make("h2", { className: "title", part: "title", tabIndex: -1, hidden: !heading, lang: own ? langAround(this) : "" }, heading);
    this.#log.ariaLabel = say("Answer");
    const panel = make("section", { className: "panel", part: "panel" },
      make("p", { id: "intro", part: "intro" }, say("An automated search of study summaries, not a person. Ask in your own words, and leave out names."),
        " ", say("In an emergency, do not ask here: call your local emergency number.")),
      make("p", { id: "disclaimer", className: "disclaimer", part: "disclaimer" }, say(DISCLAIMER)),
      this.#form(say), this.#log, this.#suggestions(say), this.#recents);
    this.#listRecent();
    Object.assign(this.#shell, { lang: language, dir: say("ltr") });
    this.#dialog = null;
    if (isFloating) this.#float(panel, say);
    else {
      panel.prepend(this.#title);
      this.#shell.replaceChildren(panel);
    }
  }

  #float(panel, say) {
    const launcher = this.getAttribute("launcher") || say("Search the studies");
    const { button, dialog } = afloat(panel, { title: this.#title, launcher, say });
    button.addEventListener("click", () => {
      button.focus(); // Safari does not by itself, and then the focus could not come back
      this.open();
    });
    // What was said once is not said again when the dialog opens the next time.
    dialog.addEventListener("close", () => { if (!this.#asking) this.#status.textContent = ""; });
    this.#dialog = dialog;
    this.#shell.replaceChildren(button, dialog);
  }

  #form(say) {
    this.#describe("intro disclaimer");
    const form = questionForm(this.#input, say);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isTouched()) this.#input.blur(); // puts the screen's keyboard away
      this.#ask(this.#input.value, this.#before, form);
    });
    return form;
  }

  #suggestions(say) {
    const own = this.getAttribute("suggestions");
    const questions = (own?.split("|") ?? SUGGESTIONS).map((text) => text.trim()).filter(Boolean);
    const lang = own === null ? "en" : langAround(this); // the library's are in the library's language
    return make("div", { className: "suggestions", part: "suggestions", role: "group", ariaLabel: say("Suggested questions"), hidden: !questions.length },
      make("p", { ariaHidden: "true" }, say("Suggested questions")),
      ...questions.map((question) => this.#offer(question, "", lang)));
  }

  #listRecent() {
    const say = this.#say;
    const others = this.#recent.filter((one) => one.question !== this.#asked);
    const forget = make("button", { type: "button", className: "forget", part: "suggestion" }, say("Forget these questions"));
    forget.addEventListener("click", () => {
      this.#recent = [];
      this.#before = "";
      this.#listRecent();
      this.#input.focus();
      this.#status.textContent = say("Your recent questions are forgotten.");
    });
    this.#recents.ariaLabel = say("Recent questions");
    this.#recents.replaceChildren(make("p", { ariaHidden: "true" }, say("Recent questions")),
      ...others.map(({ question, previous }) => this.#offer(question, previous, "")), forget);
    this.#recents.hidden = !others.length;
  }

  // A button that asks a question; what is being written in the field stays there.
  #offer(question, previous, lang, words = question) {
    const button = make("button", { type: "button", dir: "auto", lang, part: "suggestion" }, words);
    button.addEventListener("click", () => this.#ask(question, previous, button));
    return button;
  }

  // `from` is what was pressed, null where a script asks.
  async #ask(question, previous, from = null) {
    if (!question.trim()) return;
    const say = this.#say;
    this.#stop();
    const asking = (this.#asking = new AbortController());
    if ([this.#asked, ""].includes(this.#input.value.trim())) this.#input.value = question;
    this.#describe("intro disclaimer");
    this.#show(say("Searching the summaries …"));
    this.#log.classList.add("busy");
    if (from) this.#reveal();
    this.#timer = setTimeout(() => { this.#status.textContent = say("Still searching. This takes longer than usual."); }, PATIENCE * 1000);
    const fields = { question, previous, language: this.#shell.lang, site: this.#site };
    const shown = await fetchAnswer(this.server, fields, asking, Number(this.getAttribute("timeout")) || 20);
    if (this.#asking !== asking) return;
    this.#stop();
    if (shown instanceof Failure) this.#fail(shown, question, previous);
    else this.#answer(shown, question, previous);
    // A typed question leaves the focus in the form, and the answer comes next; from below, it has to move.
    const active = this.shadowRoot.activeElement;
    if (from && !from.contains(this.#input) && (!active || active === from)) this.#enter();
  }

  #answer(shown, question, previous) {
    const say = this.#say;
    const outcome = shown.dataset.outcome;
    const [before, after] = say("You asked: %(question)s").split("%(question)s");
    const asked = make("p", { className: "asked", part: "asked", ariaLive: "off" }, before, make("bdi", { lang: "" }, question), after);
    addTools(shown, question, () => printAnswer(this.#log.parentNode, asked, shown), {
      server: this.server, site: this.#site, ask: (suggested) => this.#ask(suggested, "", shown),
    });
    if (outcome === "refused") {
      this.#describe("problem intro disclaimer", true);
      shown.querySelector(".problem").id = "problem";
      this.#show("", shown);
      return;
    }
    shown.ariaLive = "off";
    this.#asked = question.trim();
    this.#remember(question, previous, outcome, shown);
    const urgent = shown.querySelector(".notice:is(.emergency, .crisis) h2");
    const news = urgent ? urgent.textContent.trim() : say("Answer ready. Links in it open in a new tab.");
    this.#show(news, ...(outcome === "screened" ? [] : [asked]), shown); // others may look at the same screen
    this.#shell.classList.toggle("alone", Boolean(urgent));
  }

  // Nothing of an emergency or a crisis is kept; a question that could not be taken changes nothing.
  #remember(question, previous, outcome, shown) {
    const row = `${previous}\n${question}`;
    if (outcome === "screened") this.#before = "";
    else {
      this.#before = shown.querySelector(".together") && row.length <= LONGEST ? row : question;
      const older = this.#recent.filter((one) => one.question !== question);
      this.#recent = [{ question, previous }, ...older].slice(0, MOST_RECENT);
    }
    this.#listRecent();
  }

  // The question stays in its field; where it may help, a button asks it again.
  #fail(failure, question, previous) {
    const say = this.#say;
    const text = `${failure.words(say)} ${say("If you need help now, call your local emergency number.")}`;
    const problem = make("div", { className: "suggestions" }, make("p", { className: "problem", id: "problem" }, text));
    if (failure.mayRetry) problem.append(this.#offer(question, previous, "", say("Try again")));
    if (failure.reason === 403) problem.append(make("a", { href: this.server }, say("Ask on the answer service's own page")));
    if (failure.reason === 413) this.#describe("problem intro disclaimer", true);
    this.#show("", problem);
    if (!failure.seconds) return;
    this.#timer = setTimeout(() => { this.#status.textContent = say("You can ask again now."); }, failure.seconds * 1000);
  }

  #describe(ids, isInvalid = false) {
    this.#input.setAttribute("aria-describedby", ids);
    this.#input.ariaInvalid = isInvalid ? "true" : null;
  }

  #show(status, ...content) {
    for (const child of [...this.#log.children]) if (child !== this.#status) child.remove();
    this.#log.classList.remove("busy");
    this.#shell.classList.remove("alone");
    this.#status.textContent = status;
    this.#log.append(...content);
  }

  // Brings the place of the answer into view, unless it is there.
  #reveal() {
    const { top } = this.#log.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) this.#log.scrollIntoView({ block: "start" });
  }

  // Puts the focus at the head of what is shown.
  #enter() {
    const head = this.#log.querySelector(":scope > :not(.status, .asked) :is(h2, p)");
    head.tabIndex = -1;
    head.focus();
  }

  #stop() {
    this.#asking?.abort();
    this.#asking = null;
    clearTimeout(this.#timer);
  }
}
