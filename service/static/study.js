// Marks the quote that the address names: /studies/ID#section:start-end.
// Offsets count characters (code points) of the section's text, as in citations. A mark in the wrong
// place is worse than none, so anything that does not fit exactly gets a note and no mark.
"use strict";
(() => {
  const PLACE = /^([a-z0-9-]+):(\d{1,9})-(\d{1,9})$/;

  function unmark() {
    for (const mark of document.querySelectorAll(".text mark")) {
      mark.replaceWith(mark.textContent);
    }
  }

  // The parts of paragraphs that lie within the place; null when the text is not what its offsets say.
  function partsOf(section, start, end) {
    const parts = [];
    let last = 0;
    for (const paragraph of document.querySelectorAll(".text p[data-section]")) {
      if (paragraph.dataset.section !== section) continue;
      paragraph.normalize();
      const from = Number(paragraph.dataset.start);
      const characters = Array.from(paragraph.textContent);
      last = Number(paragraph.dataset.end);
      // A translator or an extension may have changed the text.
      if (characters.length !== last - from || paragraph.firstChild.nodeType !== Node.TEXT_NODE) return null;
      const units = (count) => characters.slice(0, count).join("").length;
      const [first, stop] = [Math.max(start, from), Math.min(end, last)];
      if (first >= stop || !characters.slice(first - from, stop - from).join("").trim()) continue;
      parts.push({ node: paragraph.firstChild, first: units(first - from), stop: units(stop - from) });
    }
    return start < end && end <= last && parts.length ? parts : null;
  }

  function mark({ node, first, stop }) {
    const range = document.createRange();
    range.setStart(node, first);
    range.setEnd(node, stop);
    const mark = document.createElement("mark");
    range.surroundContents(mark);
    return mark;
  }

  function show() {
    let place = location.hash.slice(1);
    try { place = decodeURIComponent(place); } catch { /* not percent-encoded: taken as it is */ }
    if (!place.includes(":")) return;
    unmark();
    const match = PLACE.exec(place);
    const parts = match && partsOf(match[1], Number(match[2]), Number(match[3]));
    document.getElementById("place_note").hidden = Boolean(parts);
    if (!parts) return;
    const [quote] = parts.map(mark);
    quote.id = "quote";
    quote.tabIndex = -1;
    quote.scrollIntoView({ block: "center" });
    quote.focus({ preventScroll: true });
  }

  addEventListener("hashchange", show);
  show();
})();
