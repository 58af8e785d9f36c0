// The two servers of an audit: the real service over the real library, and somebody else's site with the widget.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ANSWERS_ON = "plaincite answers on ";

export class AuditError extends Error {}

// Starts `plaincite serve` on a free port; pages of `origin` may ask. Gives its address and how to end it.
export async function startService(origin) {
  const free = { PLAINCITE_RATE: "off", PLAINCITE_RATE_OVERALL: "off" }; // an audit asks quicker than a person
  const env = { ...process.env, ...free, PLAINCITE_ORIGINS: origin, PLAINCITE_LOG_LEVEL: "error" };
  const service = spawn(".venv/bin/plaincite", ["serve", "--build", "--port", "0"], {
    cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(service, "exit");
  const stop = async () => { service.kill(); await ended; };
  for await (const line of createInterface(service.stdout)) {
    if (line.startsWith(ANSWERS_ON)) return { address: line.slice(ANSWERS_ON.length).trim(), stop };
  }
  throw new AuditError("the service did not start; run: make run");
}

// A page of another origin, whose policy lets in nothing but the widget's server.
export async function startHost() {
  let server = "";
  const host = createServer((request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; script-src ${server}; connect-src ${server}`,
    });
    response.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A hospital</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="${server}/ask.js" crossorigin="anonymous" defer></script></head>
<body><main><h1>A hospital</h1><plaincite-ask${request.url === "/floating" ? ' mode="floating"' : ""}></plaincite-ask></main></body></html>`);
  });
  host.listen(0, "localhost");
  await once(host, "listening");
  return {
    address: `http://localhost:${host.address().port}`,
    lead: (address) => { server = address; },
    stop: () => host.close(),
  };
}
