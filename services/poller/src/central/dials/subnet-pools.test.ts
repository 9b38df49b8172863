import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBlock, freeIn, overlaps } from "./address-block.ts";
import { subnetPoolDials } from "./subnet-pools.ts";

const block = (cidr: string) => addressBlock(cidr) ?? expect.fail(cidr);

describe("a pool of subnets", () => {
  it("says of each length how many subnets there could be, are, and may still be", () => {
    const pool = {
      ...{ id: "p", name: "tenants", project_id: "admin", ip_version: 4, prefixes: ["10.0.0.0/22", "nonsense"] },
      ...{ min_prefixlen: "24", max_prefixlen: "25" },
    };
    const subnets = [
      { subnetpool_id: "p", cidr: "10.0.0.0/24" },
      { subnetpool_id: "p", cidr: "10.0.1.128/25" },
      { subnetpool_id: "another", cidr: "10.0.2.0/24" },
    ];

    const told = subnetPoolDials([pool], subnets);

    const label = { ip_version: "4", prefix: "10.0.0.0/22", project_id: "admin", subnet_pool_id: "p" };
    expect(told.map(({ dial, labels, value }) => [dial.slice(26), labels["prefix_length"], value])).toEqual([
      ["total", "24", 4],
      ["used", "24", 1],
      ["free", "24", 2],
      ["total", "25", 8],
      ["used", "25", 1],
      ["free", "25", 5],
    ]);
    expect(told[0]?.labels).toEqual({ ...label, subnet_pool_name: "tenants", prefix_length: "24" });
  });

  it.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["2001:db8::1/48", "2001:0db8:0:0:0:0:0:0/48"],
    ["::/0", "0:0:0:0:0:0:0:0/0"],
  ])("%s is the same as %s", (one, other) => {
    expect(block(one)).toEqual(block(other));
  });

  it.each(["10.0.0/8", "10.0.0.256/8", "10.0.0.0/33", "::1::/64", "1:2:3:4:5:6:7:8:9/64", "10.0.0.0", "g::/8"])(
    "%s is no range of addresses",
    (cidr) => {
      expect(addressBlock(cidr)).toBeUndefined();
    },
  );

  it("has as many left as a walk over all of them finds", () => {
    const taken = fc.array(fc.tuple(fc.integer({ min: 25, max: 30 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(taken, fc.integer({ min: 24, max: 30 }), (written, length) => {
        const apart = written
          .map(([bits, host]) => block(`10.0.0.${host}/${bits}`))
          .filter((one, index, all) => !all.slice(0, index).some((other) => overlaps(one, other)));
        const pieces = Array.from({ length: 2 ** (length - 24) }, (_, index) =>
          block(`10.0.0.${index * 2 ** (32 - length)}/${length}`),
        );

        const left = pieces.filter((piece) => !apart.some((one) => overlaps(piece, one)));

        expect(freeIn(block("10.0.0.0/24"), length, apart)).toBe(BigInt(left.length));
      }),
    );
  });
});
