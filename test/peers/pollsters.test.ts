import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answered, identified, polledOf, readDefinitions } from "@raingauge/definitions";
import type { Meter } from "@raingauge/domain";
import { recording } from "@raingauge/harness";
import { expect, it, onTestFinished } from "vitest";

/** Installed, or unpacked with `dpkg -x` into the folder that CEILOMETER_TREE names. */
const THEIRS = join(
  process.env["CEILOMETER_TREE"] ?? "/",
  "usr/lib/python3/dist-packages/ceilometer/polling/dynamic_pollster.py",
);

/** After an example of Ceilometer's own documentation. */
const DEFINITIONS = `
- name: dynamic.instance.status
  sample_type: gauge
  unit: server
  value_attribute: status
  endpoint_type: compute
  url_path: /v2.1/servers/detail?all_tenants=true
  project_id_attribute: tenant_id
  metadata_fields: [name, flavor.vcpus, "image | value or {'id': ''} | value['id']", "OS-EXT-AZ:availability_zone", "tags | ','.join(value)", locked]
  value_mapping: {ACTIVE: "1"}
  default_value: 0
  metadata_mapping: {name: display_name}
- name: dynamic.instance.ram
  sample_type: gauge
  unit: thing
  value_attribute: "flavor | int(value['ram']) * 2 if value['vcpus'] == 1 else value['ram']"
  endpoint_type: compute
  url_path: /v2.1/servers/detail
  skip_sample_values: [0]
  project_id_attribute: "tenant_id | value[:8] + value[8:].upper()"
  resource_id_attribute: "id | value.split('-') | '/'.join(value[1:3]) + str(len(value))"
`;

it.skipIf(!existsSync(THEIRS))("dynamic pollsters make the same of a recorded answer as Ceilometer's own", () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-pollsters-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [file, answer] = [join(folder, "pollsters.yaml"), join(folder, "answer.json")];
  const said = { servers: recording("nova.servers_detail.latest").body?.["servers"] };
  writeFileSync(file, DEFINITIONS);
  writeFileSync(answer, JSON.stringify(said));

  const script = new URL("ceilometer-pollsters.py", import.meta.url).pathname;
  const theirs = spawnSync("python3", [script, THEIRS, file, answer], { encoding: "utf8" });

  expect(theirs.stderr).toBe("");
  const lines = theirs.stdout.trim().split("\n");
  expect(lines.length).toBeGreaterThan(20);
  expect(ours(said)).toEqual(lines.map((line) => told(JSON.parse(line))));
});

type Theirs = readonly [name: string, value: string, id: string, project: string, metadata: Record<string, unknown>];

/** In our names of dimensions, as texts, without what is empty. */
function told([name, value, id, project, metadata]: Theirs): readonly unknown[] {
  const dimensions = Object.entries(metadata).flatMap(([key, each]) =>
    each === null || each === "" ? [] : [[(key.split("|")[0] ?? "").trim().replaceAll(/\W+/g, "_"), String(each)]],
  );
  return [name, value, id, project, Object.fromEntries(dimensions)];
}

function ours(said: object): readonly unknown[] {
  const { definitions, problems } = readDefinitions([{ name: "pollsters.yaml", text: DEFINITIONS }]);
  expect(problems).toEqual([]);
  const named = new Map<string, Meter>(definitions.own.map((meter) => [meter.name, meter]));
  return definitions.pollsters.flatMap((pollster) =>
    answered(pollster.question, said).entries.flatMap((entry) =>
      polledOf(pollster, (name) => named.get(name), identified(pollster, { ...(entry as object) }), {}).map((each) =>
        "nothing" in each
          ? each.nothing
          : [each.meter.name, String(each.value), each.resource, each.project, each.dimensions],
      ),
    ),
  );
}
