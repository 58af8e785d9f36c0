// <plaincite-ask>: asks a plaincite server and shows the answer just as the server rendered it.
//
//   <script src="https://answers.example.org/ask.js" defer></script>
//   <plaincite-ask></plaincite-ask>
//
// Attributes, all optional: server (address; where this script came from, unless given), heading (empty
// for none), suggestions (questions parted by "|"), timeout (seconds, 20 unless given).
// Looks: set --plaincite-accent and its kin (see answer.css) on the element, or use ::part(panel, title,
// intro, disclaimer, form, label, input, button, suggestions, suggestion, answers, answer).
// No cookie, nothing stored, no other host asked, no text ever parsed as HTML but the server's answer.
"use strict";
(() => {
  const HOME = document.currentScript?.src ?? location.href;
  const STYLE = "/* style */"; // service/pages.py puts answer.css and widget.css here
  const LONGEST = 1000;
  const INTRO = "An automated search of study summaries, not a person. Ask in your own words, and leave out names.";
  const DISCLAIMER = "/* disclaimer */";
  const URGENT = "If you need help now, call your local emergency number.";
  const PROBLEMS = {
    403: "This page is not allowed to ask the answer service.",
    413: "That is too much text. Please shorten your question.",
    429: "There were too many questions at once. Please wait a minute and ask again.",
    503: "Many people are asking at the moment. Please try again in a minute.",
    slow: "The answer service takes too long. Please try again in a minute.",
    away: "The answer service cannot be reached. Please check your connection, or try again later.",
    other: "Something went wrong in the answer service, so there is no answer. Please try again later.",
  };

  /* answer.js */

  let sheet;
  function style() {
    return (sheet ??= styleIn(window));
  }

  // A style sheet belongs to the page, or frame, that made it.
  function styleIn(view) {
    const made = new view.CSSStyleSheet();
    made.replaceSync(STYLE);
    return made;
  }

  function make(name, properties = {}, ...children) {
    const { part, ...rest } = properties;
    const element = Object.assign(document.createElement(name), rest);
    if (part) element.setAttribute("part", part);
    element.append(...children);
    return element;
  }

  class Failure extends Error {}

  class PlainciteAsk extends HTMLElement {
    #asking = null;
    #before = ""; // the question before, for "and after five years?"; sent along, kept nowhere else
    #form;
    #input;
    #title;
    #suggestions;
    #log;
    #status;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [style()];
      this.#title = make("h2", { className: "title", id: "title", part: "title" });
      this.#input = make("textarea", {
        id: "question", name: "question", rows: 3, maxLength: LONGEST, required: true, dir: "auto",
        autocomplete: "off", part: "input",
      });
      this.#input.setAttribute("aria-describedby", "intro disclaimer");
      this.#form = make("form", { className: "ask", part: "form" },
        make("label", { htmlFor: "question", part: "label" }, "Your question"),
        this.#input,
        make("button", { type: "submit", part: "button" }, "Search the summaries"));
      this.#suggestions = make("div", { className: "suggestions", part: "suggestions", role: "group", ariaLabel: "Suggested questions" });
      this.#status = make("p", { className: "status" });
      // The log speaks only its status line: an answer read out whole, unasked, helps nobody.
      this.#log = make("div", { className: "log", part: "answers", role: "log", ariaLive: "polite", ariaLabel: "Answer" }, this.#status);
      root.append(make("section", { className: "panel", part: "panel", lang: "en" },
        this.#title,
        make("p", { id: "intro", part: "intro" }, INTRO),
        make("p", { id: "disclaimer", className: "disclaimer", part: "disclaimer" }, DISCLAIMER),
        this.#form, this.#suggestions, this.#log));
      this.#form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(this.#input.value);
      });
    }

    connectedCallback() {
      this.#title.textContent = this.getAttribute("heading") ?? "Ask what the studies say";
      this.#title.hidden = !this.#title.textContent;
      // A heading of the host page's own is in the host page's language.
      this.#title.lang = this.hasAttribute("heading") ? (this.closest("[lang]")?.lang ?? "") : "en";
      const questions = (this.getAttribute("suggestions") ?? "").split("|").map((text) => text.trim()).filter(Boolean);
      this.#suggestions.replaceChildren(...questions.map((question) => this.#suggest(question)));
      this.#suggestions.hidden = !questions.length;
    }

    disconnectedCallback() {
      this.#asking?.abort();
      this.#asking = null;
    }

    // The server's address, with a slash at its end.
    get server() {
      return new URL(this.getAttribute("server") || ".", HOME).href.replace(/\/*$/, "/");
    }

    // Asks; an answer that is still on its way to an older question is dropped.
    async ask(question) {
      if (!question.trim()) return;
      this.#asking?.abort();
      const asking = (this.#asking = new AbortController());
      this.#show(null, "Searching the summaries …");
      let shown;
      try {
        shown = await this.#fetch(question, asking);
        if (this.#asking === asking) this.#remember(question, shown);
      } catch (error) {
        if (this.#asking !== asking) return;
        const text = error instanceof Failure ? error.message : PROBLEMS.away;
        shown = make("p", { className: "problem" }, `${text} ${URGENT}`);
      }
      if (this.#asking !== asking) return;
      this.#asking = null;
      addTools(shown, question, () => this.#print(shown, question));
      this.#show(shown, this.#announcement(shown));
    }

    async #fetch(question, asking) {
      let late = false;
      const seconds = Number(this.getAttribute("timeout")) || 20;
      const timer = setTimeout(() => { late = true; asking.abort(); }, seconds * 1000);
      try {
        // A form's encoding: browsers send it across origins without asking for leave first.
        const response = await fetch(new URL("fragment", this.server), {
          method: "POST", body: new URLSearchParams({ question, previous: this.#before }), signal: asking.signal,
          credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error",
        });
        const html = await response.text();
        if (!response.ok && response.status !== 422) throw new Failure(PROBLEMS[response.status] ?? PROBLEMS.other);
        return this.#read(html);
      } catch (error) {
        throw late ? new Failure(PROBLEMS.slow) : error;
      } finally {
        clearTimeout(timer);
      }
    }

    // Nothing of an emergency or a crisis is kept; a question that could not be taken changes nothing.
    #remember(question, shown) {
      const outcome = shown.dataset.outcome;
      const row = `${this.#before}\n${question}`;
      if (outcome === "screened") this.#before = "";
      else if (outcome !== "refused") {
        this.#before = shown.querySelector(".together") && row.length <= LONGEST ? row : question;
      }
    }

    // The answer out of the server's HTML, with addresses that hold on this page too.
    #read(html) {
      const answer = new DOMParser().parseFromString(html, "text/html").querySelector("article.answer");
      if (!answer) throw new Failure(PROBLEMS.other);
      for (const link of answer.querySelectorAll("a[href]")) {
        const address = new URL(link.getAttribute("href"), this.server);
        link.href = address.href;
        if (!/^https?:$/.test(address.protocol)) continue;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
      }
      answer.setAttribute("part", "answer");
      answer.ariaLive = "off";
      return document.importNode(answer, true);
    }

    // Prints the answer alone: the page around it is not ours, and its looks stay out of the frame.
    #print(answer, question) {
      const frame = make("iframe", { className: "sheet", title: "The answer for printing", tabIndex: -1, ariaHidden: "true" });
      frame.addEventListener("load", () => {
        const view = frame.contentWindow;
        const paper = frame.contentDocument;
        paper.adoptedStyleSheets = [styleIn(view)];
        paper.documentElement.lang = "en";
        paper.title = "Answer";
        paper.body.style.fontFamily = getComputedStyle(this).fontFamily;
        const asked = Object.assign(paper.createElement("p"), { className: "asked", textContent: `You asked: ${question}` });
        paper.body.append(asked, paper.importNode(answer, true));
        unfold(paper.body);
        view.addEventListener("afterprint", () => setTimeout(() => frame.remove()));
        view.focus();
        view.print();
      }, { once: true });
      this.shadowRoot.querySelector("iframe.sheet")?.remove();
      this.shadowRoot.append(frame);
    }

    #announcement(shown) {
      const urgent = shown.querySelector(".notice:is(.emergency, .crisis) h2");
      if (urgent) return urgent.textContent.trim();
      return shown.dataset.outcome === "refused" || !shown.dataset.outcome ? "" : "Answer ready. Links in it open in a new tab.";
    }

    #show(content, status) {
      const older = [...this.#log.children].filter((child) => child !== this.#status);
      for (const child of older) child.remove();
      this.#status.textContent = status;
      if (content) this.#log.append(content);
    }

    #suggest(question) {
      const button = make("button", { type: "button", dir: "auto", part: "suggestion" }, question);
      button.addEventListener("click", () => {
        this.#input.value = question;
        this.ask(question);
      });
      return button;
    }
  }

  if (!customElements.get("plaincite-ask")) customElements.define("plaincite-ask", PlainciteAsk);
})();
