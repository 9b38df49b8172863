import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "@raingauge/domain";
import { memoryLedger } from "@raingauge/ledger/memory";
import { expect, it, onTestFinished } from "vitest";
import { adminToken } from "./door.ts";

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "raingauge-door-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

it("keeps the administrator's token from start to start, readable by its owner alone", async () => {
  const own = folder();
  const ledger = memoryLedger({ clock: () => at(0) });

  const first = await adminToken(own, ledger);
  const second = await adminToken(own, ledger);

  expect(second).toBe(first);
  expect(readFileSync(join(own, "admin.token"), "utf8").trim()).toBe(first);
  expect(statSync(join(own, "admin.token")).mode & 0o777).toBe(0o600);
  expect(await ledger.caller(first)).toMatchObject({ role: "admin" });
});

it("makes another where the file is lost, and ends the one that was in it", async () => {
  const own = folder();
  const ledger = memoryLedger({ clock: () => at(0) });
  const lost = await adminToken(own, ledger);
  rmSync(join(own, "admin.token"));

  const made = await adminToken(own, ledger);

  expect(await ledger.caller(made)).toMatchObject({ role: "admin" });
  expect(await ledger.caller(lost)).toBeUndefined();
});

it("makes another where the token was revoked, so that nobody is locked out of their own machine", async () => {
  const own = folder();
  const ledger = memoryLedger({ clock: () => at(0) });
  const revoked = await adminToken(own, ledger);
  await ledger.revoke("admin");

  const made = await adminToken(own, ledger);

  expect(made).not.toBe(revoked);
  expect(await ledger.caller(made)).toMatchObject({ role: "admin" });
});
