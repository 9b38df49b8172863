import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "@raingauge/domain";
import { describeWith, postgresServer } from "@raingauge/harness";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { duckdbUrl, openStore } from "@raingauge/store/open";
import { expect, it, onTestFinished } from "vitest";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const HERE = { ledgerUrl: undefined, storeElsewhere: false, now: NOW } as const;

it("brings back every file, empty folders too, and nothing that tells of a process or comes back by itself", async () => {
  const { data, target, other } = places();

  const made = await backup({ data, target, ...HERE });
  await restore({ source: target, data: other, ledgerUrl: undefined });

  expect(Object.keys(made.files)).toEqual([
    "data/admin.token",
    "data/ledger/postgresql/base/1",
    "data/nats/store/1.blk",
  ]);
  expect(readFileSync(join(other, "nats/store/1.blk"), "utf8")).toBe("messages");
  expect(existsSync(join(other, "ledger/postgresql/pg_notify"))).toBe(true);
  for (const gone of ["door.json", "ledger/postgresql/postmaster.pid", "ledger/postgresql-17.2.0", "link"])
    expect(existsSync(join(other, gone)), gone).toBe(false);
});

it.each([
  [
    "a file was altered",
    (target: string) => appendFileSync(join(target, "data/admin.token"), "x"),
    "is not as it was made",
  ],
  [
    "a file is lacking",
    (target: string) => rmSync(join(target, "data/admin.token")),
    "the backup lacks data/admin.token",
  ],
  [
    "a file was added",
    (target: string) => writeFileSync(join(target, "data/stray"), ""),
    "data/stray was not in the backup",
  ],
  ["it was broken off", (target: string) => rmSync(join(target, "backup.json")), "holds no whole backup"],
  ["its form is another's", (target: string) => writeFileSync(join(target, "backup.json"), "{}"), "not of a form"],
])("writes nothing where %s", async (_, damage, sentence) => {
  const { data, target, other } = places();
  await backup({ data, target, ...HERE });
  damage(target);

  await expect(restore({ source: target, data: other, ledgerUrl: undefined })).rejects.toThrow(sentence);
  expect(existsSync(other)).toBe(false);
});

it("mixes with nothing that is there, neither backup nor restore", async () => {
  const { data, target } = places();
  await backup({ data, target, ...HERE });

  await expect(backup({ data, target, ...HERE })).rejects.toThrow("is not empty");
  await expect(restore({ source: target, data, ledgerUrl: undefined })).rejects.toThrow("is not empty");
});

it("does not copy a store that somebody has open", async () => {
  const { data, target } = places();
  await using _ = await openStore(duckdbUrl(join(data, "samples.duckdb")), { clock: () => at(0) });

  await expect(backup({ data, target, ...HERE })).rejects.toThrow();
  expect(existsSync(join(target, "backup.json"))).toBe(false);
});

await describeWith("postgresql", "a ledger in a PostgreSQL of the operator's", () => {
  it("is dumped while it is used, and comes back into an empty database alone", async () => {
    await using first = await postgresServer();
    await using second = await postgresServer();
    const { target, other } = places();
    await using used = await postgresLedger({ url: first.url, clock: () => at(0) });
    const token = await used.grant({ name: "fiona", role: "finance", projects: [] });
    const back = { source: target, data: other, ledgerUrl: new URL(second.url) };

    const made = await backup({ ...HERE, data: undefined, target, ledgerUrl: new URL(first.url) });
    await restore(back);
    await using ledger = await postgresLedger({ url: second.url, clock: () => at(0) });

    expect(made).toMatchObject({ ledger: "dump", files: { "ledger.dump": {} } });
    expect(await ledger.caller(token)).toMatchObject({ name: "fiona" });
    await expect(restore(back)).rejects.toThrow("has a ledger in it");
    await expect(restore({ ...back, ledgerUrl: undefined })).rejects.toThrow("name an empty database");
    await expect(backup({ ...HERE, data: undefined, target: join(target, "x"), ledgerUrl: WRONG })).rejects.toThrow(
      /^pg_dump failed/,
    );
    await expect(backup({ ...HERE, data: undefined, target: join(target, "y"), ledgerUrl: WRONG })).rejects.not.toThrow(
      "hush",
    );
  });
});

const WRONG = new URL("postgresql://user:hush@127.0.0.1:1/ledger");

/** A data folder as `up` leaves it, and where its backup and its copy will be. */
function places() {
  const scratch = mkdtempSync(join(tmpdir(), "raingauge-backup-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const data = join(scratch, "data");
  const files = {
    "admin.token": "rg_token",
    "door.json": "{}",
    "nats/store/1.blk": "messages",
    "ledger/postgresql/base/1": "tables",
    "ledger/postgresql/postmaster.pid": "4194303\n/elsewhere\n",
    "ledger/postgresql-17.2.0/bin/postgres": "a program",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(data, path, ".."), { recursive: true });
    writeFileSync(join(data, path), text);
  }
  mkdirSync(join(data, "ledger/postgresql/pg_notify"));
  symlinkSync("/etc/hostname", join(data, "link"));
  return { data, target: join(scratch, "backup"), other: join(scratch, "other") };
}
