import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "@raingauge/harness";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { horizon, horizonLacks } from "./horizon.ts";
import { keystoneLacks, PASSWORD } from "./keystone.ts";
import { adminOf, type RatingService, ratingService } from "./rating-service.ts";

/**
 * Horizon's rating panels, from Debian, in a browser, against us, with a real Keystone between. Run by hand:
 * RAINGAUGE_PEERS=1 npx vitest run test/peers/horizon.test.ts
 * With PICTURES=FOLDER it leaves a picture of each panel there.
 */
const lacks = [...keystoneLacks(), ...horizonLacks()];
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : lacks.length > 0
      ? `apt-get install ${lacks.join(" ")}`
      : undefined;
const PICTURES = process.env["PICTURES"];

describe.skipIf(reason !== undefined)(
  `Horizon's rating panels${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let service: RatingService;
    let dashboard: Server;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      service = await ratingService();
      const admin = await adminOf(service);
      await rated(service, admin);
      dashboard = await horizon(service.identity.url);
      browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.setDefaultTimeout(120_000);
      await page.goto(`${dashboard.url}/auth/login/`);
      await page.fill("#id_username", "admin");
      await page.fill("#id_password", PASSWORD);
      // The form asks for a domain where Horizon is set up for several.
      if (await page.locator("#id_domain").isVisible()) await page.fill("#id_domain", "default");
      await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/auth/login")), page.click("#loginBtn")]);
    }, 600_000);

    afterAll(async () => {
      await browser?.close();
      await dashboard?.stop();
      await service?.[Symbol.asyncDispose]();
    });

    it.each([
      { panel: "project/rating", shows: ["instance", "volume.size"] },
      { panel: "project/reporting", shows: ["instance", "volume.size"] },
      { panel: "admin/rating_modules", shows: ["hashmap", "noop", "pyscripts"] },
      { panel: "admin/hashmap", shows: ["instance"] },
      { panel: "admin/pyscripts", shows: ["always"] },
      { panel: "admin/rating_summary", shows: ["admin", "6.25"] },
    ])("$panel is shown, and says what was rated", async ({ panel, shows }) => {
      const answer = await page.goto(`${dashboard.url}/${panel}/`);
      await page.waitForLoadState("networkidle");
      if (PICTURES !== undefined) {
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: join(PICTURES, `horizon-${panel.replace("/", "-")}.png`) });
      }

      expect(answer?.status()).toBe(200);
      const text = await page.locator("#content_body").textContent();
      for (const each of shows) expect(text).toContain(each);
      expect(await page.locator(".alert-danger").allInnerTexts()).toEqual([]);
    });

    it("a module is switched on from its panel", async () => {
      await page.goto(`${dashboard.url}/admin/rating_modules/`);
      await page.locator('button[value="modules__toggle_module__hashmap"]').click();
      await page.locator("tr", { hasText: "HashMap rating module." }).getByText("Disable Module").waitFor();

      const { token } = await adminOf(service);
      const answer = await fetch(`${service.endpoint}/v1/rating/modules/hashmap`, {
        headers: { "x-auth-token": token },
      });
      expect(await answer.json()).toMatchObject({ enabled: true });
    });
  },
);

/** Six hours of two things, a hashmap service with a field, and a script. */
async function rated(
  { endpoint }: RatingService,
  { token, project }: { token: string; project: string },
): Promise<void> {
  const say = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${endpoint}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-auth-token": token },
      body: JSON.stringify(body),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${said}`);
    return said === "" ? undefined : JSON.parse(said);
  };
  const now = new Date();
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const hour = (count: number): string => new Date(month + count * 3_600_000).toISOString();
  const point = (unit: string, id: string, price: number) => ({
    vol: { unit, qty: 1 },
    rating: { price },
    groupby: { project_id: project, id },
    metadata: { flavor_name: "m1.small" },
  });
  const hours = Array.from({ length: 5 }, (_, index) => ({
    period: { begin: hour(index), end: hour(index + 1) },
    usage: { instance: [point("instance", "web-1", 1)], "volume.size": [point("GiB", "disk-1", 0.25)] },
  }));
  await say("/v2/dataframes", { dataframes: hours });
  const hashmap = "/v1/rating/module_config/hashmap";
  const { service_id: id } = (await say(`${hashmap}/services`, { name: "instance" })) as { service_id: string };
  await say(`${hashmap}/fields`, { service_id: id, name: "flavor_name" });
  await say("/v1/rating/module_config/pyscripts/scripts", { name: "always", data: "pass" });
}
