import { instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { GUESTS, xmlOf } from "../captured.ts";
import { machineOf } from "./machine.ts";
import { NotXml, parseXml } from "./xml.ts";

const XML = xmlOf("instance-00000001");

describe("machineOf", () => {
  it("knows a machine by what Nova wrote about it", () => {
    expect(machineOf(XML)).toEqual({
      id: "b7708c68-66e9-4a1b-90bf-fda40ff3acb0",
      name: "acme-web-0-renamed",
      project: "8eb3fab7821249c7af3cbd737437eebf",
      user: "2163f8fe29de4aebadf402cda83ca4de",
      flavor: {
        name: "m1.small",
        vcpus: 1n,
        memoryBytes: 2n * 1024n ** 3n,
        rootBytes: 20n * 1024n ** 3n,
        ephemeralBytes: 0n,
      },
      image: "560d3055-5f37-4901-822b-40cdde47a5f0",
      writtenAt: instant("2026-11-23T00:39:58Z"),
    });
  });

  it("knows all recorded ones, each by its own id", () => {
    expect(GUESTS.map(({ name }) => machineOf(xmlOf(name)))).toMatchObject(GUESTS.map(({ uuid }) => ({ id: uuid })));
  });

  it("reads the older namespace too, whatever prefix it has", () => {
    expect(
      machineOf(XML.replaceAll("nova:", "n:").replace("xmlns:nova", "xmlns:n").replace("nova/1.1", "nova/1.0")),
    ).toMatchObject({ name: "acme-web-0-renamed" });
  });

  it("says that a machine which boots from a volume has no image", () => {
    const xml = XML.replace(
      /<nova:root [^>]*>/,
      '<nova:root type="volume" uuid="560d3055-5f37-4901-822b-40cdde47a5f0"/>',
    );

    expect(machineOf(xml)).toMatchObject({ image: "" });
    expect(machineOf(XML.replace(/<nova:root [^>]*>/, ""))).toMatchObject({ image: "" });
  });

  it("takes a user's words for words, whatever they look like", () => {
    const name = `</nova:name><nova:owner><nova:project uuid="victim"/></nova:owner> & "quoted" ü`;
    const written = name
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace("ü", "&#xfc;");

    expect(machineOf(XML.replace("acme-web-0-renamed", written))).toMatchObject({
      name,
      project: "8eb3fab7821249c7af3cbd737437eebf",
    });
  });

  it.each([
    { name: "without metadata", xml: XML.replace(/<metadata>[\s\S]*<\/metadata>/, ""), why: "not_nova" },
    { name: "with somebody else's metadata", xml: XML.replaceAll("openstack.org", "example.org"), why: "not_nova" },
    { name: "without an owner", xml: XML.replace(/<nova:owner>[\s\S]*<\/nova:owner>/, ""), why: "malformed" },
    { name: "with a negative amount", xml: XML.replace("<nova:memory>2048", "<nova:memory>-2048"), why: "malformed" },
    { name: "cut short", xml: XML.slice(0, 900), why: "malformed" },
    { name: "that is no XML", xml: "error: no domain", why: "malformed" },
  ])("says why a domain $name cannot be metered", ({ xml, why }) => {
    expect(machineOf(xml)).toBe(why);
  });

  it.each(["1970-01-01 00:00:00", "2026-13-01 00:00:00", "yesterday", ""])(
    "does without a creation time that cannot be: %s",
    (time) => {
      const machine = machineOf(XML.replace("2026-11-23 00:39:58", time));

      expect(machine).toMatchObject({ name: "acme-web-0-renamed" });
      expect(machine).not.toHaveProperty("writtenAt");
    },
  );
});

describe("parseXml", () => {
  it("reads comments, instructions, sections and both kinds of quotes", () => {
    const xml = `<?xml version='1.0'?><!-- <a> --><a x='1 > 0' y="it's"><b/><![CDATA[<raw>]]> &lt;&#65;&unknown;</a>\n`;

    expect(parseXml(xml)).toEqual({
      name: "a",
      attributes: { x: "1 > 0", y: "it's" },
      children: [{ name: "b", attributes: {}, children: [], text: "" }],
      text: "<raw> <A&unknown;",
    });
  });

  it.each(["<a><b></a></b>", "<a>", "</a>", "<a></a></a>", "", "<a", "text"])(
    "refuses what does not nest: %s",
    (xml) => {
      expect(() => parseXml(xml)).toThrow(NotXml);
    },
  );
});
