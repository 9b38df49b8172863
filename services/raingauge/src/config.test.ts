import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { config } from "./config.ts";

it("needs nothing, and bills the months of UTC", () => {
  expect(config({})).toMatchObject({ zone: "UTC", listenHost: "127.0.0.1", region: "RegionOne" });
});

it("names a zone that there is not before anything is started, with all else that is wrong", () => {
  const wrong = { RAINGAUGE_ZONE: "Mars/Olympus", RAINGAUGE_GRACE_HOURS: "-1" };

  expect(() => config(wrong)).toThrow(
    expect.objectContaining({
      problems: [
        'RAINGAUGE_ZONE must be a time zone such as Europe/Berlin, not "Mars/Olympus"',
        'RAINGAUGE_GRACE_HOURS must be a whole number from 0 to 720, not "-1"',
      ],
    }),
  );
});

it("names what is wrong in every file that a setting names, before anything is started", () => {
  const wrong = {
    RAINGAUGE_LEDGER_URL: "postgresql://u:hush@h/d?sslrootcert=/nowhere.pem",
    RAINGAUGE_PRICE_BOOK: fileWith("name: standard\nversion: 1\ncurrency: EUR\nmonth: calendar\n"),
    RAINGAUGE_CHART_OF_ACCOUNTS: "/nowhere/chart.yaml",
    RAINGAUGE_KEYSTONE_CLOUD: "ours",
    OS_CLIENT_CONFIG_FILE: fileWith(CLOUDS),
  };

  expect(() => config(wrong)).toThrow(
    expect.objectContaining({
      problems: [
        "RAINGAUGE_LEDGER_URL names a file as sslrootcert that cannot be read: /nowhere.pem",
        "RAINGAUGE_PRICE_BOOK, line 1: prices: it is missing",
        "the cacert of the cloud ours cannot be used: there is no /nowhere/ca.pem",
        "RAINGAUGE_CHART_OF_ACCOUNTS cannot be read: there is no /nowhere/chart.yaml",
      ],
    }),
  );
});

it("takes the price book along that it has looked at", () => {
  const { priceBook } = config({
    RAINGAUGE_PRICE_BOOK: join(import.meta.dirname, "../../../docs/examples/price-book.yaml"),
  });

  expect(priceBook).toMatchObject({ name: "standard", currency: "EUR" });
});

const CLOUDS = `clouds:
  ours:
    auth: { auth_url: "https://keystone.example", username: a, password: hush, project_name: service }
    cacert: /nowhere/ca.pem
`;

const fileWith = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "given.yaml");
  writeFileSync(file, content);
  return file;
};
