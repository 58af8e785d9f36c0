// The page of a release that is being made: asks how far it is until it is done, then shows the whole page.
// Without it the page loads itself anew.
"use strict";

const EVERY = 1000; // milliseconds

const place = document.getElementById("release_state");

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = found.getElementById("release_state");
    if (!next) throw new Error("another page");
    if (!("waiting" in next.dataset)) {
      location.reload();
      return;
    }
    if (next.innerHTML !== place.innerHTML) place.replaceChildren(...next.childNodes);
  } catch {
    // The service may be starting anew: it is asked again.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
