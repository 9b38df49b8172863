import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { BUS_READERS, busOptions } from "./bus-settings.ts";
import { ConfigError, readConfig } from "./config.ts";
import { choice, count, file, flag, list, optional, path, seconds, text } from "./readers.ts";
import { secretFile, url } from "./secret.ts";

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const fileWith = (content: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), "raingauge-config-")), "given");
  writeFileSync(file, content);
  return file;
};

describe("readConfig", () => {
  it("turns the environment into typed settings", () => {
    const env = {
      RAINGAUGE_NATS_URL: "nats://127.0.0.1:4222",
      RAINGAUGE_REGION: "north",
      RAINGAUGE_BATCH: "12",
      RAINGAUGE_INTERVAL: "5m",
      RAINGAUGE_STRICT: "yes",
      RAINGAUGE_FOLDER: "/var/lib/raingauge",
      RAINGAUGE_FORMAT: "both",
      RAINGAUGE_TOPICS: "notifications, versioned_notifications",
    };

    const settings = readConfig(env, {
      nats: url("NATS_URL"),
      region: text("REGION"),
      batch: count("BATCH"),
      interval: seconds("INTERVAL"),
      strict: flag("STRICT"),
      folder: path("FOLDER"),
      format: choice("FORMAT", ["legacy", "versioned", "both"]),
      topics: list("TOPICS"),
      proxy: optional(url("PROXY")),
    });

    expect(settings).toEqual({
      nats: new URL("nats://127.0.0.1:4222"),
      region: "north",
      batch: 12,
      interval: 300,
      strict: true,
      folder: "/var/lib/raingauge",
      format: "both",
      topics: ["notifications", "versioned_notifications"],
      proxy: undefined,
    });
  });

  it("names every problem at once", () => {
    const env = {
      RAINGAUGE_NATS_URL: "http://127.0.0.1",
      RAINGAUGE_BATCH: "0",
      RAINGAUGE_INTERVAL: "soon",
      RAINGAUGE_STRICT: "perhaps",
      RAINGAUGE_FOLDER: "spool",
      RAINGAUGE_FORMAT: "xml",
    };

    const problems = problemsOf(() =>
      readConfig(env, {
        nats: url("NATS_URL", { schemes: ["nats:", "tls:"] }),
        region: text("REGION"),
        batch: count("BATCH", { max: 10 }),
        interval: seconds("INTERVAL"),
        strict: flag("STRICT", { fallback: false }),
        folder: path("FOLDER"),
        format: choice("FORMAT", ["legacy", "versioned"]),
      }),
    );

    expect(problems).toEqual([
      "RAINGAUGE_NATS_URL must be a URL that begins with nats: or tls:",
      "RAINGAUGE_REGION must be set: some text",
      'RAINGAUGE_BATCH must be a whole number from 1 to 10, not "0"',
      'RAINGAUGE_INTERVAL must be a time such as 90s, 15m or 2h, from 1s to 366d, not "soon"',
      'RAINGAUGE_STRICT must be true or false, not "perhaps"',
      'RAINGAUGE_FOLDER must be an absolute path, not "spool"',
      'RAINGAUGE_FORMAT must be one of legacy, versioned, not "xml"',
    ]);
  });

  it("takes an unknown variable of ours for a typing error and says which was meant", () => {
    const env = {
      RAINGAUGE_REGON: "north",
      RAINGAUGE_SOMETHING_ELSE: "1",
      RAINGAUGE_STORE_URL: "duckdb:",
      PATH: "/bin",
    };

    const problems = problemsOf(() => readConfig(env, { region: text("REGION", { fallback: "one" }) }, ["STORE_URL"]));

    expect(problems).toEqual([
      "RAINGAUGE_REGON is not a setting; did you mean RAINGAUGE_REGION?",
      "RAINGAUGE_SOMETHING_ELSE is not a setting",
    ]);
  });

  it("takes an empty variable for one that is not set, and never minds the log level that every process knows", () => {
    const settings = readConfig(
      { RAINGAUGE_REGION: "", RAINGAUGE_LOG_LEVEL: "debug" },
      { region: text("REGION", { fallback: "one" }) },
    );

    expect(settings.region).toBe("one");
  });
});

describe("secrets", () => {
  it("come from the variable or from the file that it names", () => {
    const direct = readConfig({ RAINGAUGE_KEY: "s3cret" }, { key: secretFile("KEY") });
    const filed = readConfig({ RAINGAUGE_KEY_FILE: fileWith("s3cret\n") }, { key: secretFile("KEY") });
    const dsn = readConfig({ RAINGAUGE_DB_FILE: fileWith("postgresql://u:p@db/x") }, { db: url("DB") });

    expect([direct.key.reveal(), filed.key.reveal(), dsn.db.password]).toEqual(["s3cret", "s3cret", "p"]);
  });

  it("are not shown by any way of turning them into text", () => {
    const { key } = readConfig({ RAINGAUGE_KEY: "s3cret" }, { key: secretFile("KEY") });

    const shown = [String(key), JSON.stringify({ key }), inspect(key), `${key}`, inspect({ key })];

    expect(shown.join()).not.toContain("s3cret");
  });

  it("are not shown by a problem with them", () => {
    const env = { RAINGAUGE_DB: "postgresql//u:s3cret@db", RAINGAUGE_KEY: "s3cret", RAINGAUGE_KEY_FILE: "/nowhere" };

    const problems = problemsOf(() => readConfig(env, { db: url("DB"), key: secretFile("KEY") }));

    expect(problems).toEqual(["RAINGAUGE_DB must be a URL", "RAINGAUGE_KEY and RAINGAUGE_KEY_FILE are both set"]);
  });

  it("that are missing, unreadable or empty are named once", () => {
    const env = { RAINGAUGE_B_FILE: "/nowhere/at/all", RAINGAUGE_C_FILE: fileWith("\n") };

    const problems = problemsOf(() => readConfig(env, { a: secretFile("A"), b: secretFile("B"), c: url("C") }));

    expect(problems).toEqual([
      "RAINGAUGE_A (or RAINGAUGE_A_FILE) must be set: a secret",
      "RAINGAUGE_B_FILE cannot be read: there is no /nowhere/at/all",
      "RAINGAUGE_C_FILE names an empty file",
    ]);
  });
});

describe("files that settings name", () => {
  const words = file(
    "WORDS",
    (content) => ({
      value: content.split("\n"),
      problems: content
        .split("\n")
        .flatMap((word, index) => (word === "bad" ? [{ line: index + 1, says: "is bad" }] : [])),
    }),
    undefined,
  );

  it("are read, or need not be named", () => {
    expect(readConfig({ RAINGAUGE_WORDS: fileWith("a\nb") }, { words })).toEqual({ words: ["a", "b"] });
    expect(readConfig({}, { words })).toEqual({ words: undefined });
  });

  it.each([
    ["a file that is not there", "/nowhere/words", "cannot be read: there is no /nowhere/words"],
    ["a folder", tmpdir(), `cannot be read: ${tmpdir()} is a folder`],
  ])("are refused for %s", (_, named, says) => {
    expect(problemsOf(() => readConfig({ RAINGAUGE_WORDS: named }, { words }))).toEqual([`RAINGAUGE_WORDS ${says}`]);
  });

  it("are refused by line, as the setting is called", () => {
    const env = { RAINGAUGE_WORDS: fileWith("good\nbad\nbad") };

    expect(problemsOf(() => readConfig(env, { words }))).toEqual([
      "RAINGAUGE_WORDS, line 2: is bad",
      "RAINGAUGE_WORDS, line 3: is bad",
    ]);
  });
});

describe("the bus's settings", () => {
  it("name a server on this machine unless told otherwise", () => {
    expect(busOptions(readConfig({}, BUS_READERS))).toEqual({ url: "nats://127.0.0.1:4222" });
  });

  it("name all members of a cluster, and what proves who we are and who they are", () => {
    const [credentials, authority] = [fileWith("whatever a NATS server gave"), fileWith(rootCertificates[0] ?? "")];
    const env = {
      RAINGAUGE_NATS_URL: "tls://bus-1:4222, tls://bus-2:4222",
      RAINGAUGE_NATS_CREDENTIALS: credentials,
      RAINGAUGE_NATS_CA: authority,
    };

    expect(busOptions(readConfig(env, BUS_READERS))).toEqual({
      url: "tls://bus-1:4222,tls://bus-2:4222",
      caFile: authority,
      credentials: { kind: "file", path: credentials },
    });
  });

  it("refuse files that are of no use before anything connects, and show nothing of them", () => {
    const none = fileWith("hunter2");
    const env = { RAINGAUGE_NATS_CREDENTIALS: "/nowhere.creds", RAINGAUGE_NATS_CA: none };

    expect(problemsOf(() => readConfig(env, BUS_READERS))).toEqual([
      "RAINGAUGE_NATS_CREDENTIALS cannot be used: there is no /nowhere.creds",
      `RAINGAUGE_NATS_CA cannot be used: ${none} holds no certificate`,
    ]);
  });

  it("refuse a cluster of which one member is no NATS server", () => {
    const env = { RAINGAUGE_NATS_URL: "nats://bus-1:4222,http://bus-2" };

    expect(problemsOf(() => readConfig(env, BUS_READERS))).toEqual([
      "RAINGAUGE_NATS_URL must be a URL that begins with nats: or tls:",
    ]);
  });
});
