import { describe, expect, it } from "vitest";
import { readDefinitions } from "../definitions.ts";
import { type Problem, sentenceOf } from "../problem.ts";
import { answered, furtherOf, identified, polledOf } from "./polled.ts";

const pollster = (fields = ""): string => `- name: dynamic.cluster
  sample_type: gauge
  unit: cluster
  value_attribute: status
  endpoint_type: container-infra
  url_path: v1/clusters/detail
${fields}`;

/** Without the column. */
const said = (problem: Problem): string => sentenceOf(problem).replace(/^([^:]+:\d+):\d+/, "$1");

const read = (...texts: readonly string[]) =>
  readDefinitions(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));

const one = (text: string) => {
  const { definitions, problems } = read(text);
  expect(problems.map(said)).toEqual([]);
  const [pollster] = definitions.pollsters;
  if (pollster === undefined) throw new Error("no pollster");
  const named = new Map(definitions.own.map((meter) => [meter.name, meter]));
  return { pollster, own: definitions.own, meterNamed: (name: string) => named.get(name) };
};

/** What is made of one entry, in words. */
const made = (text: string, entry: object, further: Record<string, unknown> | undefined = {}): unknown[] => {
  const { pollster, meterNamed } = one(text);
  return polledOf(pollster, meterNamed, identified(pollster, { ...entry }), further).map((each) =>
    "nothing" in each
      ? each.nothing
      : [each.meter.name, each.value, each.resource, each.project ?? "nobody", each.dimensions],
  );
};

const CLUSTER = { id: "c-1", project_id: "acme", status: "7" };

describe("a pollster's definition", () => {
  it.each([
    ["a field that nobody knows", pollster("  value_attr: a"), "1.yaml:7: [0].value_attr: not understood"],
    ["a field left out", pollster().replace("  unit: cluster\n", ""), "1.yaml:1: [0].unit: missing"],
    ["a kind that is none", pollster().replace("gauge", "count"), "1.yaml:2: [0].sample_type: not gauge"],
    [
      "an operation that reaches out",
      pollster().replace("status\n", `"status | __import__('os').system('id') or value"\n`),
      "1.yaml:4: [0].value_attribute: in “__import__('os').system('id') or value” at character 1: “__import__” is not understood",
    ],
    [
      "an operation that does nothing with its value",
      pollster("  user_id_attribute: user | 1 + 1"),
      "1.yaml:7: [0].user_id_attribute: “1 + 1” does nothing with “value”",
    ],
    [
      "an address that a token would go to",
      pollster().replace("v1/clusters/detail", "http://elsewhere/v1"),
      "1.yaml:6: [0].url_path: a whole address: a token goes to what the catalog names",
    ],
    [
      "a Python module",
      pollster("  module: os\n  authentication_object: system\n  authentication_parameters: a, b").replace(
        "v1/clusters/detail",
        "http://a/b",
      ),
      "1.yaml:7: [0].module: no Python is loaded: awsauth.S3Auth and requests.auth.HTTPBasicAuth are understood, not os.system",
    ],
    [
      "a handler",
      pollster("  response_handlers: [yaml]"),
      "1.yaml:7: [0].response_handlers: not a list of json, xml, text",
    ],
    ["a time", pollster("  timeout: 0"), "1.yaml:7: [0].timeout: not a number of seconds"],
    [
      "a token of the operator's own",
      pollster("  headers: {X-Auth-Token: a}"),
      "[0].headers: x-auth-token is set by the agent",
    ],
    ["a namespace", pollster("  namespaces: everywhere"), "1.yaml:7: [0].namespaces: not central, compute or ipmi"],
    [
      "an API asked by every host",
      pollster("  namespaces: [compute]"),
      "1.yaml:7: [0].namespaces: an agent on a compute node asks no API",
    ],
    [
      "a command made of what an answer says",
      pollster("  extra_metadata_fields:\n    - {name: a, host_command: \"'rm ' + sample['id']\", value: a}"),
      "1.yaml:8: [0].extra_metadata_fields[0].host_command: no command is made of what an answer says",
    ],
    [
      "a new name for what is not asked for",
      pollster("  metadata_fields: [a]\n  metadata_mapping: {b: c}"),
      "1.yaml:8: [0].metadata_mapping.b: not among metadata_fields",
    ],
    [
      "parts without their names",
      pollster()
        .replace("dynamic.cluster", "dynamic.{kind}")
        .replace("value_attribute: status", 'value_attribute: "[parts].size"'),
      "1.yaml:1: name: only answers say how these meters are called: list the names",
    ],
    [
      "parts without their list",
      pollster().replace("dynamic.cluster", "dynamic.{kind}"),
      "1.yaml:4: [0].value_attribute: “[list].field”, for the name says {kind}",
    ],
    ["one meter twice", `${pollster()}\n${pollster()}`, "dynamic.cluster is defined at 1.yaml:1 already"],
    [
      "a dimension that queries have already",
      pollster("  metadata_fields: [region]"),
      "1.yaml:1: metadata.region: a dimension cannot be called so",
    ],
  ])("refuses %s by file, line and field", (_, text, says) => {
    expect(read(text).problems.map(said)).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
  });

  it("makes a meter whose dimensions are its metadata, in names that queries can have", () => {
    const { own } = one(
      pollster(`  metadata_fields: ["OS-EXT-AZ:availability_zone", "image | value or {'id': ''} | value['id']", name, flavor.ram]
  metadata_mapping: {name: display_name}
  preserve_mapped_metadata: false
  extra_metadata_fields: {name: domain, endpoint_type: identity, url_path: v3/domains, value: id}
  raingauge: {resource_type: cluster_of_ours}`),
    );

    expect(own).toEqual([
      expect.objectContaining({
        name: "dynamic.cluster",
        dimensions: ["OS_EXT_AZ_availability_zone", "image", "display_name", "flavor_ram", "domain"],
        resourceType: "cluster_of_ours",
        silenceSeconds: 900,
        sources: [{ by: "central", from: "a pollster of container-infra" }],
      }),
    ]);
  });

  it("holds a gauge for three of the intervals at which it is asked for", () => {
    const polling = "sources: [{name: a, interval: 1800, meters: [dynamic.*]}]";

    expect(read(pollster(), polling).definitions.own.map(({ silenceSeconds }) => silenceSeconds)).toEqual([5_400]);
  });

  it("is set aside, with its meter known, where polling.yaml does not ask for it or its meter is built in", () => {
    const polling = "sources: [{name: a, interval: 300, meters: ['!dynamic.*']}]";
    const { definitions } = read(pollster(), pollster().replace("dynamic.cluster", "ip.floating"), polling);

    expect(definitions.pollsters).toEqual([]);
    expect(definitions.own.map(({ name }) => name)).toEqual(["dynamic.cluster"]);
    expect(definitions.unasked.map(({ why }) => why)).toEqual([
      expect.stringContaining("built in, told by notifications"),
      "no source of polling.yaml asks for it",
    ]);
  });

  it("shows no secret to whoever prints it", () => {
    const { pollster: definition } = one(
      pollster(
        "  module: awsauth\n  authentication_object: S3Auth\n  authentication_parameters: key, s3cret, host",
      ).replace("v1/clusters/detail", "http://a/b"),
    );

    expect(JSON.stringify({ ...definition, question: { ...definition.question, key: "" } })).not.toContain("s3cret");
  });
});

describe("an answer", () => {
  const question = (fields: string) => one(pollster(fields)).pollster.question;

  it.each([
    ["a list as it is", "", [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 2 }], undefined],
    ["the first thing in it", "", { clusters: [{ id: 1 }], total: 1 }, [{ id: 1 }], undefined],
    ["what its key names", "  response_entries_key: a.b", { total: 1, a: { b: [{ id: 1 }] } }, [{ id: 1 }], undefined],
    ["one thing as a list of one", "  response_entries_key: project", { project: { id: 1 } }, [{ id: 1 }], undefined],
    ["nothing", "", {}, [], undefined],
    [
      "a link to go on with",
      "  next_sample_url_attribute: \"links | filter(lambda v: v.get('rel') == 'next', value) | list(value) | value[0] | value.get('href')\"",
      { clusters: [], links: [{ rel: "prev" }, { rel: "next", href: "/2" }] },
      [],
      "/2",
    ],
    [
      "no link at its end",
      "  next_sample_url_attribute: \"links | filter(lambda v: v.get('rel') == 'next', value) | list(value) | value[0] | value.get('href')\"",
      { clusters: [], links: [{ rel: "prev" }] },
      [],
      undefined,
    ],
    ["no link where there are none", "  next_sample_url_attribute: next", { clusters: [] }, [], undefined],
  ])("gives %s", (_, fields, said, entries, next) => {
    expect(answered(question(fields), said)).toEqual({ entries, next });
  });

  it("that is not as it was said to be is an error, and not an empty list", () => {
    expect(() => answered(question("  response_entries_key: servers"), { clusters: [] })).toThrow(
      "there is no “servers”",
    );
  });
});

describe("an entry", () => {
  it.each<[string, string, object, unknown[]]>([
    ["a number", pollster(), CLUSTER, [["dynamic.cluster", 7n, "c-1", "acme", {}]]],
    [
      "what its status is mapped to",
      pollster("  value_mapping: {CREATE_COMPLETE: '2'}"),
      { ...CLUSTER, status: "CREATE_COMPLETE" },
      [["dynamic.cluster", 2n, "c-1", "acme", {}]],
    ],
    [
      "the default for what is not mapped",
      pollster("  value_mapping: {ACTIVE: 1}\n  default_value: 0"),
      { ...CLUSTER, status: "ERROR" },
      [["dynamic.cluster", 0n, "c-1", "acme", {}]],
    ],
    [
      "nothing where the default is Ceilometer's own",
      pollster("  value_mapping: {ACTIVE: 1}"),
      { ...CLUSTER, status: "ERROR" },
      ["the value is negative"],
    ],
    ["nothing of what is skipped", pollster("  skip_sample_values: [ERROR, 3]"), { ...CLUSTER, status: 3 }, []],
    [
      "whose it is, by other names",
      pollster("  project_id_attribute: user | value.split('$') | value[0]\n  resource_id_attribute: stack.id"),
      { status: 1, user: "globex$globex", stack: { id: 9 } },
      [["dynamic.cluster", 1n, "9", "globex", {}]],
    ],
    ["what is nobody's", pollster(), { id: "c-1", status: 1 }, [["dynamic.cluster", 1n, "c-1", "nobody", {}]]],
    [
      "its metadata, without what is not there",
      pollster(
        "  metadata_fields: [name, \"tags | ','.join(value)\", labels.a, gone.b, nothing, flags]\n  metadata_mapping: {name: display_name}",
      ),
      { ...CLUSTER, name: "one", tags: ["x", "y"], labels: { a: 5 }, nothing: null, flags: { on: true } },
      [
        [
          "dynamic.cluster",
          7n,
          "c-1",
          "acme",
          { name: "one", display_name: "one", tags: "x,y", labels_a: "5", flags: '{"on":true}' },
        ],
      ],
    ],
    [
      "a computed value, exactly",
      pollster().replace("value_attribute: status", "value_attribute: \"sizes | sum(x['gb'] for x in value) * 1024\""),
      { ...CLUSTER, sizes: [{ gb: 0.5 }, { gb: 0.25 }] },
      [["dynamic.cluster", 768n, "c-1", "acme", {}]],
    ],
    [
      "GB as GiB",
      pollster().replace("unit: cluster", "unit: GB"),
      { ...CLUSTER, status: 2 },
      [["dynamic.cluster", 2n << 30n, "c-1", "acme", {}]],
    ],
    [
      "why there is nothing: no number",
      pollster(),
      { ...CLUSTER, status: "ERROR" },
      ["the value is no number, or one that was rounded on its way"],
    ],
    ["why there is nothing: no value", pollster(), { id: "c-1" }, ["there is no “status”"]],
    [
      "why there is nothing: no id",
      pollster(),
      { status: 1 },
      ["“id” is missing: resource_id_attribute says where it stands"],
    ],
    [
      "why there is nothing: an operation",
      pollster().replace("value_attribute: status", 'value_attribute: "status | value + 1"'),
      { ...CLUSTER, status: "x" },
      ["a text is no number"],
    ],
  ])("says %s", (_, text, entry, expected) => {
    expect(made(text, entry)).toEqual(expected);
  });

  it("repeats no secret: not by its own name, not by another, and not within something else", () => {
    const text = pollster(
      '  metadata_fields: [psk, admin_password, "user_data | value.strip()", link, name]\n  metadata_mapping: {psk: hint}',
    );
    const link = { href: "a", auth: { token: "hunter2" }, peers: [{ pre_shared_key: "hunter2", id: 1 }] };

    expect(
      made(text, { ...CLUSTER, psk: "hunter2", admin_password: "hunter2", user_data: "hunter2", link, name: "n" }),
    ).toEqual([["dynamic.cluster", 7n, "c-1", "acme", { link: '{"href":"a","peers":[{"id":1}]}', name: "n" }]]);
  });

  const PARTS = pollster("  skip_sample_values: [list_buckets]\n  raingauge: {names: [get_obj, put_obj]}")
    .replace("dynamic.cluster", "dynamic.requests.{category}")
    .replace("value_attribute: status", 'value_attribute: "[categories].ops"');

  it("with parts says a meter of each that is listed", () => {
    const categories = [
      { category: "get_obj", ops: 46 },
      { category: "list_buckets", ops: 1 },
      { category: "put_obj", ops: "9" },
      { category: "delete_obj", ops: 1 },
      { ops: 1 },
    ];

    expect(made(PARTS, { ...CLUSTER, categories })).toEqual([
      ["dynamic.requests.get_obj", 46n, "c-1", "acme", {}],
      ["dynamic.requests.put_obj", 9n, "c-1", "acme", {}],
      "dynamic.requests.delete_obj is not among the names of this definition",
      "an item of “categories” has no “category”",
    ]);
    expect(made(PARTS, CLUSTER)).toEqual(["“categories” is no list"]);
  });

  const FURTHER = pollster(`  metadata_fields: [name]
  extra_metadata_fields_skip: [{status: "0"}]
  extra_metadata_fields:
    - name: project_name
      endpoint_type: identity
      url_path: "'/v3/projects/' + str(sample['project_id'])"
      value: name
      metadata_fields: [domain_id]
    - name: domain_name
      endpoint_type: identity
      url_path: "'/v3/domains/' + str(extra_metadata_captured['domain_id'])"
      value: name
      extra_metadata_fields_cache_seconds: 60`);

  it("is told more of by further answers, one from what another said", () => {
    const { pollster: definition } = one(FURTHER);
    const [project, domain] = definition.extras;
    if (project === undefined || domain === undefined) throw new Error("no further questions");
    const captured = furtherOf(project, { project: { name: "acme inc", domain_id: "d-1" } });
    const path = (extra: typeof project, scope: object) =>
      extra.question.asks.by === "catalog" ? extra.question.asks.path({ ...scope }) : "";

    expect(path(project, { sample: CLUSTER })).toBe("/v3/projects/acme");
    expect(path(domain, { extra_metadata_captured: captured })).toBe("/v3/domains/d-1");
    expect([project.cacheSeconds, domain.cacheSeconds]).toEqual([3_600, 60]);
    expect([project.skips({ status: "0" }), project.skips({ status: "1" })]).toEqual([true, false]);
    expect(
      made(FURTHER, { ...CLUSTER, name: "one" }, { ...captured, domain_name: "default", name: "not this" }),
    ).toEqual([
      [
        "dynamic.cluster",
        7n,
        "c-1",
        "acme",
        { name: "one", project_name: "acme inc", domain_id: "d-1", domain_name: "default" },
      ],
    ]);
  });
});
