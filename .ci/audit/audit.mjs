// `make audit`: Lighthouse over every page, as phone and as desktop. Accessibility and best practices have to be
// 100; what falls short is named and the exit code is 1. Performance and SEO are shown for information: a page
// that holds a question is meant to be found by nobody.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { navigation, snapshot } from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";
import puppeteer from "puppeteer-core";
import { pagesOf } from "./pages.mjs";
import { AuditError, startHost, startService } from "./servers.mjs";

const CATEGORIES = ["accessibility", "best-practices", "performance", "seo"];
const NEEDED = ["accessibility", "best-practices"];
const FORMS = { phone: { extends: "lighthouse:default" }, desktop };

function findChromium() {
  const candidates = process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium"));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new AuditError("chromium is missing; on Debian: apt-get install chromium");
  return found;
}

// Faults of Chromium's recording on a busy machine, not of the page: one more try.
const UNRECORDED = ["NO_NAVSTART", "NO_FCP", "NO_TRACING_STARTED"];

// Where an answer has no address, the form is filled in and sent, and Lighthouse watches what comes.
async function prepare(tab, page) {
  if (page.open) return page.open;
  await tab.goto(page.from);
  // Set, not typed: a question that is too long has to get past the field's own limit.
  await tab.$eval("form textarea", (field, text) => { field.removeAttribute("maxlength"); field.value = text; }, page.ask);
  return () => tab.$eval("form:has(textarea)", (form) => form.submit());
}

async function audit(browser, page, form) {
  const lhr = await navigate(browser, page, form);
  const again = UNRECORDED.includes(lhr.runtimeError?.code) ? await navigate(browser, page, form) : lhr;
  if (again.runtimeError) throw new AuditError(again.runtimeError.message);
  return again;
}

const SCREENS = { phone: { width: 412, height: 823, isMobile: true, hasTouch: true }, desktop: { width: 1350, height: 940 } };

// The widget asks without leaving its page, so what is looked at is the page as it is then.
async function look(tab, page, form) {
  await tab.setViewport(SCREENS[form]);
  await tab.goto(page.within);
  await tab.locator("plaincite-ask >>> textarea").fill(page.ask);
  await tab.locator("plaincite-ask >>> form button[type=submit]").click();
  await tab.waitForNetworkIdle();
  // Waiting for a selector would have to eval, which the page's policy forbids.
  if (!(await tab.$(page.expect))) throw new AuditError(`${page.expect} is not on the page`);
  const flags = { onlyCategories: CATEGORIES, logLevel: "error", formFactor: form === "phone" ? "mobile" : form };
  return (await snapshot(tab, { flags: { ...flags, screenEmulation: { disabled: true } } })).lhr;
}

async function navigate(browser, page, form) {
  const tab = await browser.newPage();
  try {
    if (page.within) return await look(tab, page, form);
    const flags = {
      onlyCategories: CATEGORIES, logLevel: "error", ignoreStatusCode: page.status !== undefined,
      // It leaves the page and comes back, which an answer that came by a form cannot stand.
      skipAudits: ["bf-cache"],
    };
    const { lhr } = await navigation(tab, await prepare(tab, page), { config: FORMS[form], flags });
    if (!lhr.runtimeError && !(await tab.$(page.expect))) throw new AuditError(`${page.expect} is not on the page`);
    return lhr;
  } finally {
    await tab.close();
  }
}

// A page that is looked at as it stands has not been watched as it loads.
const isTold = (lhr, category) => lhr.gatherMode !== "snapshot" || NEEDED.includes(category);
const score = (lhr, category) => (isTold(lhr, category) ? Math.round(lhr.categories[category].score * 100) : "-");

// The audits that keep a needed category under 100.
function shortfalls(lhr) {
  return NEEDED.flatMap((category) => lhr.categories[category].auditRefs)
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => lhr.audits[id]);
}

// Chromium logs the status of a page that has to have one, such as 404; no such page can have 100.
function isOwnStatus(one, page) {
  const items = one.details?.items ?? [];
  return one.id === "errors-in-console" && items.length === 1 && items[0].description?.includes(`status of ${page.status}`);
}

function places(one) {
  const items = one.details?.items ?? [];
  return items.slice(0, 5).map((item) => item.node?.snippet ?? item.description ?? item.url ?? JSON.stringify(item).slice(0, 200));
}

function row(name, form, cells) {
  return [name.padEnd(24), form.padEnd(8), ...cells.map((cell, number) => String(cell).padStart(CATEGORIES[number].length))].join("  ");
}

// Prints a row, and below it what falls short; tells whether nothing does.
async function judge(browser, page, form) {
  let lhr;
  try {
    lhr = await audit(browser, page, form);
  } catch (error) {
    console.log(`${row(page.name, form, [])}not audited: ${error.message}`);
    return false;
  }
  console.log(row(page.name, form, CATEGORIES.map((category) => score(lhr, category))));
  const missing = shortfalls(lhr);
  for (const one of missing) {
    const remark = isOwnStatus(one, page) ? ": its own status, which does not count" : "";
    console.log([`    ${one.id}${remark || `: ${one.title}`}`, ...(remark ? [] : places(one))].join("\n      "));
  }
  const reasons = missing.filter((one) => !isOwnStatus(one, page));
  return reasons.length === 0 && (missing.length > 0 || NEEDED.every((category) => score(lhr, category) === 100));
}

async function auditAll(browser, pages) {
  const short = [];
  console.log(row("page", "form", CATEGORIES));
  for (const page of pages) {
    for (const form of Object.keys(FORMS)) {
      if (!(await judge(browser, page, form))) short.push(`${page.name} (${form})`);
    }
  }
  console.log(short.length ? `Below 100: ${short.join(", ")}` : `${NEEDED.join(" and ")}: 100, in both forms, on ${pages.length} of ${pages.length}`);
  return short.length ? 1 : 0;
}

// All pages, or those whose names contain one of the words given on the command line.
function chosen(pages, words) {
  const some = pages.filter(({ name }) => !words.length || words.some((word) => name.includes(word)));
  if (!some.length) throw new AuditError(`no page is called so; there are: ${pages.map(({ name }) => name).join("; ")}`);
  if (some.length < pages.length) console.log(`${pages.length - some.length} of ${pages.length} pages are left out`);
  return some;
}

async function main() {
  const chromium = findChromium();
  const host = await startHost();
  const service = await startService(host.address);
  host.lead(service.address);
  // Root cannot have chromium's sandbox, and audits in containers often run as root.
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  try {
    return await auditAll(browser, chosen(pagesOf(service.address, host.address), process.argv.slice(2)));
  } finally {
    await browser.close();
    await service.stop();
    host.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof AuditError)) throw error;
  console.error(`audit: ${error.message}`);
  process.exitCode = 2;
}
