import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { settingsFindings } from "./settings.ts";

const GOOD = `
[DEFAULT]
instance_usage_audit = true
instance_usage_audit_period=hour
# notify_on_state_change = nothing
[notifications]
notification_format = both
[oslo_messaging_notifications]
driver = messagingv2
`;

it.each([
  ["a file that says all of it", { "nova/nova.conf": GOOD }, []],
  ["defaults", { "nova/nova.conf": "" }, ["driver", "instance_usage_audit", "instance_usage_audit_period"]],
  [
    "one of several drivers",
    { "glance/glance-api.conf": "[oslo_messaging_notifications]\ndriver=noop\ndriver=messagingv2\n" },
    [],
  ],
  [
    "a driver that tells nobody",
    { "cinder/cinder.conf": "[oslo_messaging_notifications]\ndriver = noop\n" },
    ["driver"],
  ],
  [
    "a file beside it that says otherwise",
    { "nova/nova.conf": GOOD, "nova/nova.conf.d/90.conf": "[DEFAULT]\ninstance_usage_audit = False\n" },
    ["instance_usage_audit"],
  ],
  ["Kolla's copy", { "kolla/nova-compute/nova.conf": GOOD.replace("hour", "month") }, ["instance_usage_audit_period"]],
  [
    "a middleware outside of the pipeline",
    {
      "swift/proxy-server.conf":
        "[pipeline:main]\npipeline = healthcheck proxy-server\n[filter:ceilometer]\npaste.filter_factory = ceilometermiddleware.swift:filter_factory\n",
    },
    ["pipeline"],
  ],
])("what services are told: %s", (_, files, expected) => {
  const wrong = settingsFindings(etcOf(files)).filter(({ verdict }) => verdict === "wrong");

  expect(
    wrong.map(({ says }) => expected.find((name) => new RegExp(`\\b${name} is\\b|\\] ${name}$`).test(says)) ?? says),
  ).toEqual(expected);
});

it("an opt-out that is emptied is no opt-out, and one that is not concerns no bill", () => {
  const said = (text: string) =>
    settingsFindings(etcOf({ "keystone/keystone.conf": text })).find(({ says }) => says.includes("opt_out"))?.verdict;

  expect(said("[DEFAULT]\nnotification_opt_out =\n")).toBe("well");
  expect(said("[DEFAULT]\n")).toBe("off");
});

it("a machine without any says so", () => {
  expect(settingsFindings(etcOf({}))).toMatchObject([{ verdict: "skipped" }]);
});

function etcOf(files: Readonly<Record<string, string>>): string {
  const etc = mkdtempSync(join(tmpdir(), "etc-"));
  onTestFinished(() => rmSync(etc, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(etc, name)), { recursive: true });
    writeFileSync(join(etc, name), text);
  }
  return etc;
}
