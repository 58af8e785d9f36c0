// Print, copy and feedback for an answer: on our own answer page, and in the widget, whose script carries
// this file. Without it there are no such buttons, the browser's own print does the same, and feedback goes
// as a plain form.
"use strict";

// Opens what is folded; gives a function that folds it again.
function unfold(article) {
  const folded = [...article.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
  return () => { for (const one of folded) one.open = false; };
}

// The answer as plain text, with all that stands on paper. Only what is laid out has such a text, so a copy
// of the answer is laid out for a moment, too short to be seen.
function textOf(article) {
  const sheet = article.cloneNode(true);
  sheet.classList.add("plain");
  unfold(sheet);
  for (const quote of sheet.querySelectorAll("blockquote p")) {
    quote.prepend("\u201c");
    quote.append("\u201d");
  }
  for (const item of sheet.querySelectorAll("li")) item.prepend("- ");
  for (const head of sheet.querySelectorAll("h3, h4, .doctor, .terms")) head.before(document.createElement("br"));
  for (const number of sheet.querySelectorAll(".number")) number.textContent = `[${number.textContent}]`;
  for (const link of sheet.querySelectorAll("a")) {
    if (link.href.startsWith("http") && !link.href.endsWith(link.textContent)) link.append(` (${link.href})`);
  }
  article.after(sheet);
  const text = sheet.innerText;
  sheet.remove();
  return text.replace(/\n{3,}/g, "\n\n").trim();
}

// Says how something went, in the server's words; an empty line first, so that it is spoken again.
function report(line, went) {
  line.textContent = "";
  line.textContent = line.dataset[went ? "done" : "failed"];
}

// Brings an answer's buttons to life: `print` prints it, `server` is the address that takes feedback, with a
// slash at its end, `site` the public id of the site that shows the answer, `ask` asks a suggested question.
function addTools(article, question, print, { server = "/", site = "", ask } = {}) {
  addCopyAndPrint(article, question, print);
  addFeedback(article, `${server}feedback`, site);
  if (ask) {
    article.querySelector("form.suggestions")?.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(event.submitter.value);
    });
  }
}

function addCopyAndPrint(article, question, print) {
  const tools = article.querySelector(".tools");
  if (!tools) return;
  const [printer, copier] = tools.querySelectorAll("button");
  printer.hidden = false;
  printer.addEventListener("click", print);
  copier.hidden = !navigator.clipboard;
  copier.addEventListener("click", async () => {
    const text = `${question}\n\n${textOf(article)}\n`.trimStart();
    const copied = navigator.clipboard.writeText(text).then(() => true, () => false);
    report(tools.querySelector("[role=status]"), await copied);
  });
}

function addFeedback(article, address, site) {
  const feedback = article.querySelector(".feedback");
  feedback?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    body.set(event.submitter.name, event.submitter.value);
    if (site) body.set("site", site);
    const line = feedback.querySelector("[role=status]");
    // As a form would be sent: browsers let that through to another origin without asking for leave first.
    const sent = await fetch(address, {
      method: "POST", body, headers: { Accept: "application/json" },
      credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error",
    }).then((response) => response.ok, () => false);
    report(line, sent);
    if (!sent) return;
    for (const part of feedback.querySelectorAll("form, details")) part.remove();
    line.tabIndex = -1; // the button that had the focus is gone
    line.focus();
  });
}

for (const article of document.querySelectorAll(document.currentScript?.dataset.answer ?? ":not(*)")) {
  let fold = () => {};
  addTools(article, document.querySelector(".asked")?.innerText ?? "", () => window.print());
  // Not every browser prints what is folded.
  addEventListener("beforeprint", () => { fold = unfold(article); });
  addEventListener("afterprint", () => fold());
}
