// The judging desk: grades by single keys, one press one grade, and the wait for a pool that is being made.
"use strict";

// A second press, meant for the text before, comes within this time of the next one.
const SETTLING = 300;
const KEYS_OFF = "plaincite-judging-keys-off";

const form = document.querySelector("form[data-judging]");
if (form) {
  const keys = document.getElementById("keys");
  let isReady = false;
  let isSent = false;

  document.querySelector("[data-keys]").hidden = false;
  keys.checked = localStorage.getItem(KEYS_OFF) === null;
  keys.addEventListener("change", () => {
    if (keys.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });

  form.addEventListener("submit", (event) => {
    if (!isReady || isSent) event.preventDefault();
    else isSent = true;
  });
  // Who comes back by the browser's own button may send the form again.
  window.addEventListener("pageshow", () => {
    isSent = false;
    setTimeout(() => {
      isReady = true;
      document.body.dataset.ready = "";
    }, SETTLING);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("textarea")) event.target.blur();
    if (!isReady || !keys.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const key = event.key.toLowerCase();
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) target.focus();
    else target.click();
  });
}

const making = document.querySelector("[data-making]");
if (making) {
  const [bar, words] = [making.querySelector("progress"), making.querySelector("span")];
  const look = async () => {
    const response = await fetch(location.href, { headers: { Accept: "application/json" } });
    const now = response.ok ? await response.json() : { ended: true };
    if (now.ended) return location.reload();
    bar.value = now.done;
    words.textContent = `${now.done} of ${now.total}`;
    setTimeout(look, 700);
  };
  setTimeout(look, 700);
}
