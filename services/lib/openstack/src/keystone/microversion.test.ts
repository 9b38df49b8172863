import { expect, it } from "vitest";
import { spokenIn, versionsAt } from "./microversion.ts";

it.each([
  ["Nova", { version: { id: "v2.1", version: "2.96", min_version: "2.1" } }, ["2.1", "2.96"]],
  ["Cinder", { versions: [{ id: "v3.0", version: "3.71", min_version: "3.0" }] }, ["3.0", "3.71"]],
  ["Placement", { versions: [{ id: "v1.0", max_version: "1.39", min_version: "1.0" }] }, ["1.0", "1.39"]],
  ["Ironic", { id: "v1", version: { id: "v1", version: "1.9", min_version: "1.1" } }, ["1.1", "1.9"]],
  [
    "a service with an old API beside",
    {
      versions: [
        { id: "v2.0", version: "", min_version: "" },
        { id: "v2.1", version: "2.9", min_version: "2.1" },
        { id: "v2.2", version: "2.60", min_version: "2.1" },
      ],
    },
    ["2.1", "2.60"],
  ],
])("the version document of %s says what it speaks", (_, body, [least, most]) => {
  expect(spokenIn(body)).toEqual({ least, most });
});

it.each([undefined, "no JSON", {}, { versions: "2.1" }, { version: { id: "v2", version: "", min_version: "" } }])(
  "nothing is concluded from what says nothing: %j",
  (body) => {
    expect(spokenIn(body)).toBeUndefined();
  },
);

it.each([
  ["https://nova.example/v2.1", "https://nova.example/v2.1/"],
  ["https://cloud.example/volume/v3/ed67957e32384123ab166d55f1c4cdbb", "https://cloud.example/volume/v3/"],
  ["https://v2.example/placement", "https://v2.example/placement/"],
])("it is asked for at the service's own root: %s", (address, root) => {
  expect(versionsAt(address)).toBe(root);
});
