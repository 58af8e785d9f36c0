// Print and copy for an answer: on our own answer page, and in the widget, whose script carries this file.
// Without this script there are no such buttons; the browser's own print does the same.
"use strict";

// Opens what is folded; gives a function that folds it again.
function unfold(article) {
  const folded = [...article.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
  return () => { for (const one of folded) one.open = false; };
}

// The answer as plain text, with all that stands on paper. Only what is laid out has such a text.
function textOf(article) {
  const fold = unfold(article);
  article.classList.add("plain");
  const text = article.innerText;
  article.classList.remove("plain");
  fold();
  return text.replace(/\n{3,}/g, "\n\n").trim();
}

function addTools(article, question, print) {
  const tools = article.querySelector(".tools");
  if (!tools) return;
  const [printer, copier] = tools.querySelectorAll("button");
  printer.hidden = false;
  printer.addEventListener("click", print);
  copier.hidden = !navigator.clipboard;
  copier.addEventListener("click", async () => {
    const said = tools.querySelector("[role=status]");
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(`${question}\n\n${textOf(article)}\n`.trimStart());
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Your browser does not allow copying. Please select the text yourself.";
    }
  });
}

for (const article of document.querySelectorAll(document.currentScript?.dataset.answer ?? ":not(*)")) {
  let fold = () => {};
  addTools(article, document.querySelector(".asked")?.innerText ?? "", () => window.print());
  // Not every browser prints what is folded.
  addEventListener("beforeprint", () => { fold = unfold(article); });
  addEventListener("afterprint", () => fold());
}
