// Floating: a button in a corner of the window, and the dialog that it opens. The dialog is the browser's own:
// it keeps the focus while it is open, closes on Escape, gives the focus back, and while closed is nowhere.
function afloat(panel, { title, launcher, say }) {
  const button = make("button", { type: "button", className: "launcher", part: "launcher", ariaHasPopup: "dialog" }, launcher);
  const closer = make("button", { type: "button", className: "close", part: "close" }, say("Close"));
  const bar = make("div", { className: "bar", part: "bar" }, title, closer);
  const dialog = make("dialog", { className: "dialog", part: "dialog", ariaLabel: title.textContent }, bar, panel);
  dialog.setAttribute("closedby", "any"); // where browsers know it, a click beside the dialog closes it, too
  closer.addEventListener("click", () => dialog.close());
  return { button, dialog };
}
