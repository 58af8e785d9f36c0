// The editor of the library desk: checks the text after a pause in typing, leads to the line of a fault, and
// asks before written text is lost. Without it the Check button does the first; the rest is comfort.
"use strict";

const PAUSE = 700; // milliseconds without a key: long enough not to check half a word

const form = document.getElementById("editor");
const area = document.getElementById("text");
const proof = document.getElementById("proof");
const state = document.getElementById("proof_state");
let asked = null;
let timer = 0;
let isLeaving = false;
const began = area.defaultValue; // as it was sent: somebody may have typed before this ran

// Makes the places of faults into buttons that lead there.
function leadToLines() {
  for (const place of proof.querySelectorAll("[data-line]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = place.textContent;
    button.addEventListener("click", () => show(Number(place.dataset.line)));
    place.replaceWith(button);
  }
}

// Selects a line, from 1, and scrolls to it.
function show(number) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  // Wrapped lines are as high as they are; a share of the whole comes near enough.
  area.scrollTop = Math.max(0, area.scrollHeight * (start / Math.max(1, area.value.length)) - area.clientHeight / 3);
}

async function check() {
  asked?.abort();
  asked = new AbortController();
  const sent = new FormData();
  sent.set("key", form.elements.key.value);
  sent.set("text", area.value);
  try {
    const response = await fetch("/staff/library/check", {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { "X-CSRF-Token": form.elements.csrf.value },
      signal: asked.signal,
    });
    if (!response.ok) throw new Error(response.statusText);
    const open = proof.querySelector("details")?.open ?? false;
    proof.innerHTML = await response.text(); // our own page's piece: the server escapes what is in it
    const details = proof.querySelector("details");
    if (details) details.open = open;
    leadToLines();
    state.textContent = proof.querySelector("p")?.textContent ?? "";
  } catch (error) {
    if (error.name !== "AbortError") state.textContent = "The text could not be checked. Press Check.";
  }
}

area.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
});
form.addEventListener("submit", () => { isLeaving = true; });
addEventListener("beforeunload", (event) => {
  if (!isLeaving && (area.value !== began || "unsaved" in area.dataset)) event.preventDefault();
});
leadToLines();
if (area.value !== began) check();
