// Prints the answer alone: the page around it is not ours, and its looks stay out of the frame.
function printAnswer(place, asked, answer) {
  const frame = make("iframe", { className: "sheet", tabIndex: -1, ariaHidden: "true" });
  const pressed = place.getRootNode().activeElement;
  frame.addEventListener("load", () => {
    const view = frame.contentWindow;
    const paper = frame.contentDocument;
    paper.adoptedStyleSheets = [styleIn(view)];
    Object.assign(paper.documentElement, { lang: answer.lang, dir: answer.dir });
    paper.title = asked.textContent;
    paper.body.style.fontFamily = getComputedStyle(answer).fontFamily;
    paper.body.append(paper.importNode(asked, true), paper.importNode(answer, true));
    unfold(paper.body);
    view.addEventListener("afterprint", () => setTimeout(() => {
      frame.remove();
      pressed?.focus(); // the frame took it, and would take it along
    }));
    view.focus();
    view.print();
  }, { once: true });
  place.querySelector("iframe.sheet")?.remove();
  place.append(frame);
}
