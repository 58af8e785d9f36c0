// A question to the server, and what may go wrong on its way.

class Failure {
  // `reason`: an HTTP status or a word; `seconds`: what the server asks to wait, 0 where it does not say.
  constructor(reason, seconds = 0) {
    Object.assign(this, { reason, seconds });
  }

  get mayRetry() {
    return ![403, 413].includes(this.reason);
  }

  // In plain words, which `say` puts into the visitor's language.
  words(say) {
    const wait = !this.seconds ? say("Please try again in a minute.")
      : this.seconds <= 90 ? say("Please ask again in %(count)s seconds.", { count: Math.max(2, this.seconds) })
      : say("Please ask again in %(count)s minutes.", { count: Math.ceil(this.seconds / 60) });
    switch (this.reason) {
      case 403: return say("This page is not allowed to ask the answer service.");
      case 413: return say("That is too much text. Please shorten your question.");
      case 429: return `${say("There were too many questions at once.")} ${wait}`;
      case 503: return `${say("Many people are asking at the moment.")} ${wait}`;
      case "slow": return `${say("The answer service takes too long.")} ${wait}`;
      case "away": return say("The answer service cannot be reached. Please check your connection, or try again later.");
      default: return say("Something went wrong in the answer service, so there is no answer. Please try again later.");
    }
  }
}

// The answer's element, or a Failure; `asking` can be aborted.
async function fetchAnswer(server, fields, asking, seconds) {
  let late = false;
  const timer = setTimeout(() => { late = true; asking.abort(); }, seconds * 1000);
  try {
    // A form's encoding: browsers send it across origins without asking for leave first.
    const response = await fetch(new URL("fragment", server), {
      method: "POST", body: new URLSearchParams(fields), signal: asking.signal,
      credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error",
    });
    const html = await response.text();
    return response.ok || response.status === 422 ? readAnswer(html, server) : new Failure(response.status, waitOf(response));
  } catch {
    return new Failure(late ? "slow" : "away");
  } finally {
    clearTimeout(timer);
  }
}

// The seconds of Retry-After, which may be a number or a date (RFC 9110, 10.2.3), up to an hour.
function waitOf(response) {
  const given = response.headers.get("Retry-After") ?? "";
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  return Math.min(Math.max(Math.ceil(seconds) || 0, 0), 3600);
}

// Where a page takes HTML only from named policies (Trusted Types), this is ours.
const policy = globalThis.trustedTypes?.createPolicy("plaincite", { createHTML: (html) => html });

// The answer out of the server's HTML, with addresses that hold on this page too.
function readAnswer(html, server) {
  const page = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");
  const answer = page.querySelector("article.answer");
  if (!answer) return new Failure("other");
  for (const link of answer.querySelectorAll("a[href]")) {
    const address = new URL(link.getAttribute("href"), server);
    link.href = address.href;
    if (!/^https?:$/.test(address.protocol)) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  answer.setAttribute("part", "answer");
  return document.importNode(answer, true);
}
