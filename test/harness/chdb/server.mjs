// ClickHouse's engine behind ClickHouse's HTTP door: what a client asks of a server, chdb answers in this process.
// Usage: node server.mjs FOLDER PORT [DATA]

import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Session } from "chdb";

const [folder, port, data = folder] = process.argv.slice(2);
const session = new Session(join(data, "data"));

/** What a server does with its HTTP and an engine without one does not know. */
const OF_THE_DOOR = new Set([
  ...["query", "query_id", "database", "default_format", "session_id", "session_timeout", "session_check", "role"],
  ...["wait_end_of_query", "send_progress_in_http_headers", "enable_http_compression", "http_response_buffer_size"],
]);

/** The engine has one session and no settings of a single question: what was set stays, and is set anew where it differs. */
const known = new Map();

async function answer(url, body) {
  for (const [name, value] of url.searchParams) {
    if (OF_THE_DOOR.has(name) || known.get(name) === value) continue;
    await session.queryAsync(`SET ${name} = '${value.replaceAll(/['\\]/g, "\\$&")}'`);
    known.set(name, value);
  }
  const asked = url.searchParams.get("query");
  if (asked === null) return (await session.queryAsync(body.toString())).bytes();
  if (body.length === 0) return (await session.queryAsync(asked)).bytes();
  return insert(asked, body);
}

/** The engine takes no bytes beside a statement, but it reads files. */
async function insert(statement, body) {
  const path = join(folder, "insert");
  writeFileSync(path, body);
  try {
    const from = statement.replace(/\sFORMAT\s+(\w+)\s*$/i, (_, format) => ` SELECT * FROM file('${path}', ${format})`);
    return (await session.queryAsync(from)).bytes();
  } finally {
    rmSync(path);
  }
}

async function heard(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}

let last = Promise.resolve();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://door");
  if (url.pathname === "/ping") {
    response.end("Ok.\n");
    return;
  }
  // Who hangs up while asking is not answered, and ends nobody else's server.
  const body = await heard(request).catch(() => undefined);
  if (body === undefined) return;
  const mine = last.then(() => answer(url, body));
  last = mine.then(
    () => undefined,
    () => undefined,
  );
  try {
    const bytes = await mine;
    response.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    response.writeHead(500, { "x-clickhouse-exception-code": "1" });
    response.end(`${error.message}\n`);
  }
});
server.keepAliveTimeout = 10_000;
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
