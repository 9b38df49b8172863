// Serves the built page and the committed boards, hands /api on to a query API, and photographs each board, light and dark.
//   node shoot.mjs --url http://127.0.0.1:9090 --end 1773568800 --into ../../docs/dashboards [--board UID]
import { createReadStream, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:9090" },
    end: { type: "string" },
    into: { type: "string", default: "shots" },
    board: { type: "string" },
    theme: { type: "string" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    token: { type: "string" },
    format: { type: "string", default: "jpg" },
  },
});

const HERE = import.meta.dirname;
const boards = globSync("../grafana/*/*.json", { cwd: HERE }).sort();
const PICTURES = { jpg: { type: "jpeg", quality: 60 }, png: { type: "png" } };
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

const server = createServer(async (request, reply) => {
  const { pathname } = new URL(request.url, "http://here");
  if (pathname.startsWith("/api/")) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = {
      "content-type": request.headers["content-type"],
      ...(values.token ? { authorization: `Bearer ${values.token}` } : {}),
    };
    const answer = await fetch(values.url + request.url, {
      method: request.method,
      headers,
      body: chunks.length ? Buffer.concat(chunks) : undefined,
    });
    reply.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    return;
  }
  const board = boards.find((path) => pathname === `/boards/${basename(path)}`);
  const file = board === undefined ? join(HERE, "dist", pathname === "/" ? "index.html" : pathname) : join(HERE, board);
  if (!existsSync(file)) return void reply.writeHead(404).end();
  reply.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(reply);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const here = `http://127.0.0.1:${server.address().port}`;

mkdirSync(values.into, { recursive: true });
const browser = await chromium.launch({
  executablePath: values.chromium,
  args: ["--no-sandbox", "--force-device-scale-factor=1"],
});
for (const path of boards) {
  const uid = basename(path, ".json");
  if (values.board !== undefined && uid !== values.board) continue;
  const { panels } = JSON.parse(readFileSync(join(HERE, path), "utf8"));
  const rows = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  for (const theme of values.theme === undefined ? ["light", "dark"] : [values.theme]) {
    const page = await browser.newPage({ viewport: { width: 1440, height: rows * 38 + 160 } });
    const failures = [];
    page.on("pageerror", (error) => failures.push(String(error.stack)));
    page.on("console", (message) => message.type() === "error" && failures.push(message.text()));
    await page.goto(`${here}/?board=${uid}&theme=${theme}&end=${values.end ?? Math.floor(Date.now() / 1000)}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(800);
    const empty = await page.locator(".preview-empty").count();
    await page.screenshot({ path: join(values.into, `${uid}-${theme}.${values.format}`), ...PICTURES[values.format] });
    console.log(
      uid,
      theme,
      `empty panels: ${empty}`,
      failures.length === 0 ? "" : failures.slice(0, 3).join(" | ").slice(0, 600),
    );
    await page.close();
  }
}
await browser.close();
server.close();
