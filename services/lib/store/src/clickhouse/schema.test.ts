import { type ClickhouseServer, clickhouseServer, describeWith } from "@raingauge/harness";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clusterSchema, plainSchema } from "./schema.ts";

await describeWith("chdb", "The commands that make a ClickHouse store on a cluster", () => {
  let server: ClickhouseServer;
  beforeAll(async () => {
    server = await clickhouseServer();
  });
  afterAll(() => server.stop());

  const parsed = async (command: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${server.user}:${server.password}`).toString("base64")}`;
    const answer = await fetch(server.url, {
      method: "POST",
      headers: { authorization },
      body: `explain ast ${command}`,
    });
    return `${answer.status} ${await answer.text()}`;
  };

  // Here is no cluster that they could be run on: docs/operating.md says so.
  it("are understood by the engine, each of them", async () => {
    const commands = clusterSchema("raingauge", "main");
    expect(commands.length).toBe(2 * plainSchema("raingauge").length - 1);

    for (const command of commands) expect(await parsed(command), command).toMatch(/^200 "Create/);
    expect(await parsed("create table if not exists a on clster b")).not.toMatch(/^200 /);
  });
});
