// <plaincite-ask>: asks a plaincite server and shows the answer just as the server rendered it.
//
//   <script src="https://answers.example.org/ask.js" crossorigin="anonymous" data-site="clinic"
//     data-mode="floating" defer></script>
//
// puts the widget into a page that has none: where the line stands, or, floating, as a button in a corner. Or
// put the element in yourself; what is inside it is shown where this script cannot run:
//
//   <plaincite-ask site="clinic"><a href="https://answers.example.org/">Ask what the studies say</a></plaincite-ask>
//
// Attributes, all optional, on the element or as data-* on the script line:
//   mode         "inline", or "floating": a button in a corner that opens a dialog
//   side         floating: "end" (right, in languages written from left to right) or "start"
//   theme        "light", "dark", "auto" (as the visitor's system); else as the page around it
//   language     what the widget speaks; else the page's language where it is known, else English
//   site         public name of the site, known to the server
//   heading      the widget's heading; empty for none
//   launcher     floating: the words on the button
//   suggestions  questions parted by "|"; else the library's own; empty for none
//   server       where the questions go; else where this script came from
//   timeout      seconds to wait for an answer; 20 unless given
// Methods: ask(question), and for the floating one open() and close().
// Looks: set the custom properties --plaincite-text, -muted, -background, -surface, -tint, -line, -control,
// -accent, -on-accent, -mark, -other, -other-tint, -alarm, -radius, -font, -font-size, -width, -inset-inline,
// -inset-block, -layer on the element (the service's page /widget says what each sets), or use ::part(launcher,
// dialog, bar, close, panel, title, intro, disclaimer, form, label, input, button, answers, asked, answer,
// suggestions, suggestion, recent).
// Policy: script-src and connect-src need the server; Trusted Types, where required, the policy "plaincite".
// No cookie, nothing stored, no other host asked, no text ever parsed as HTML but the server's answer.
"use strict";
(() => {
  // A browser too old for this keeps what is inside the element; a second script line changes nothing.
  if (customElements.get("plaincite-ask") || !("adoptedStyleSheets" in Document.prototype)) return;
  const SCRIPT = document.currentScript;
  const HOME = SCRIPT?.src || location.href;
  const ATTRIBUTES = ["mode", "side", "theme", "language", "site", "heading", "launcher", "suggestions", "server", "timeout"];
  const STYLE = "/* style */"; // service/widget.py fills these in
  const STRINGS = "/* strings */";
  const SUGGESTIONS = "/* suggestions */";
  const DISCLAIMER = "/* disclaimer */";
  const LONGEST = 1000; // characters of a question that the server takes
  const PATIENCE = 6; // seconds after which it says that it still searches
  const MOST_RECENT = 5;

  /* words.js */

  /* asking.js */

  /* printing.js */

  /* form.js */

  /* dialog.js */

  /* answer.js */

  // Browsers before 2024 know no light-dark(): to them it is light.
  const LIGHT_DARK = /light-dark\(([^,()]+),[^()]+\)/g;
  const RULES = CSS.supports("color", "light-dark(red, red)") ? STYLE : STYLE.replace(LIGHT_DARK, "$1");

  // A style sheet belongs to the page, or frame, that made it.
  function styleIn(view) {
    const made = new view.CSSStyleSheet();
    made.replaceSync(RULES);
    return made;
  }
  const sheet = styleIn(window);

  function make(name, properties = {}, ...children) {
    const { part, ...rest } = properties;
    const element = Object.assign(document.createElement(name), rest);
    if (part) element.setAttribute("part", part);
    element.append(...children);
    return element;
  }

  /* element.js */

  customElements.define("plaincite-ask", PlainciteAsk);

  // A script line that says more than its address puts the element in where the page has none.
  function mount() {
    if (document.querySelector("plaincite-ask")) return;
    const element = document.createElement("plaincite-ask");
    const isPlaced = document.body.contains(SCRIPT) && SCRIPT.dataset.mode !== "floating";
    if (isPlaced) SCRIPT.after(element);
    else document.body.append(element);
  }
  if (SCRIPT && ATTRIBUTES.some((name) => name in SCRIPT.dataset)) {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", mount);
    else mount();
  }
})();
