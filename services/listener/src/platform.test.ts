import { describe, expect, it } from "vitest";
import { finder } from "./captured.ts";
import { batchOf, bent, made, outlines } from "./made.ts";
import { translate } from "./translate.ts";

// All but Heat's are made from what Ceilometer reads and the services send: none of them ran where we recorded.

describe("a stack", () => {
  const capturedOf = finder();

  it("is billed from when it was asked for to its deletion, and suspended in between", () => {
    const [created, suspended, resumed, deleted] = ["create", "suspend", "resume", "delete"].map((action) =>
      capturedOf(`orchestration.stack.${action}.end`, ({ payload }) => payload["tenant_id"] === GLOBEX),
    );

    expect([created, suspended, resumed, deleted].map((one) => one && outlines(one).at(-1))).toEqual([
      `states stack 1 2026-11-23T00:39:30Z ${GLOBEX} active`,
      `states stack 1 2026-11-23T00:41:45Z ${GLOBEX} suspended`,
      `states stack 1 2026-11-23T00:41:47Z ${GLOBEX} active`,
      `ends stack 1 2026-11-23T00:41:56Z ${GLOBEX} active`,
    ]);
  });
});

const GLOBEX = "591cc5a1cd814ffda5c696fb6e7f4ed5";

describe("a load balancer", () => {
  const balancer = {
    loadbalancer_id: "lb",
    project_id: "acme",
    name: "front",
    admin_state_up: true,
    vip_address: "192.0.2.7",
    flavor: { loadbalancer_topology: "SINGLE" },
    listeners: [{ default_tls_container_data: { private_key: "hunter2" } }],
  };

  it("is there from when it was told until its deletion was, and waits for a sweep to say of what kind", () => {
    expect(outlines(made("octavia.loadbalancer.create.end", balancer))).toEqual([
      `sights loadbalancer 1 ${SAID} acme   active`,
    ]);
    expect(outlines(made("octavia.loadbalancer.delete.end", balancer))).toEqual([
      `ends loadbalancer 1 ${SAID} acme   active`,
    ]);
  });

  it("never tells the private keys that its driver was given", () => {
    const heard = batchOf(made("octavia.loadbalancer.update.end", balancer));

    expect(heard).toMatchObject({ samples: [], events: [{ resource: "lb", attributes: { name: "front" } }] });
    expect(JSON.stringify(heard.events)).not.toContain("hunter2");
  });
});

describe("a DNS zone", () => {
  const zone = { id: "z", tenant_id: "acme", name: "example.org.", type: "PRIMARY", status: "PENDING" };
  const dated = { ...zone, created_at: "2026-11-23T09:00:00.000000" };

  it("is billed from its creation to its deletion", () => {
    expect(outlines(made("dns.zone.create", dated))).toEqual(["states dns.zone 1 2026-11-23T09:00:00Z acme active"]);
    expect(outlines(made("dns.zone.delete", dated)).at(-1)).toBe(`ends dns.zone 1 ${SAID} acme active`);
    expect(outlines(made("dns.zone.create", zone))).toEqual([`states dns.zone 1 ${SAID} acme active`]);
    expect(outlines(made("dns.zone.exists", { ...dated, status: "ERROR" })).at(-1)).toMatch(/acme error$/);
  });

  it("is the taker's from when the transfer was accepted, and the key of the transfer is not told", () => {
    const accepted = made("dns.zone_transfer_accept.create", { zone_id: "z", tenant_id: "taker", key: "hunter2" });

    expect(outlines(accepted)).toEqual([`states dns.zone 1 ${SAID} taker active`]);
    expect(JSON.stringify(batchOf(accepted).events)).not.toContain("hunter2");
  });

  it("is not billed twice for being told as a domain too, nor for its names", () => {
    expect(translate(made("dns.domain.create", dated), PLACE)).toEqual({ ignored: "retold" });
    expect(batchOf(made("dns.recordset.create", { zone_id: "z", tenant_id: "acme", name: "www" })).samples).toEqual([]);
  });
});

describe("a share", () => {
  const share = {
    share_id: "s",
    project_id: "acme",
    size: 5,
    proto: "NFS",
    share_type: "fast",
    availability_zone: "az1",
    status: "available",
  };

  it("is billed by its size, from its creation over its growth to its deletion", () => {
    const rest = `${SAID} acme fast NFS available az1`;

    expect(outlines(made("share.create.end", share))).toEqual([`states manila.share.size ${5n * GIB} ${rest}`]);
    expect(outlines(made("share.extend.end", { ...share, size: 7 })).at(-1)).toContain(`${7n * GIB}`);
    expect(outlines(made("share.shrink.end", { ...share, size: 6 })).at(-1)).toContain(`${6n * GIB}`);
    expect(outlines(made("share.delete.end", share))).toEqual([`ends manila.share.size ${5n * GIB} ${rest}`]);
  });

  it("is told by Ceilometer's older names as well, and not billed when it failed", () => {
    const { project_id: tenant_id, ...older } = share;
    const dated = { ...older, tenant_id, created_at: "2026-11-23T09:00:00+00:00" };

    expect(outlines(made("share.create.end", dated))[0]).toContain("2026-11-23T09:00:00Z acme");
    expect(outlines(made("share.create.end", { ...share, status: "error" }))).toEqual([]);
  });
});

describe("a cluster", () => {
  const told = (outcome: string, extra = {}) => ({
    action: "create",
    outcome,
    initiator: { typeURI: "service/security/account/user", user_id: "u", project_id: "acme" },
    target: {
      id: "c",
      name: "k8s",
      typeURI: "service/magnum/cluster",
      attachments: [
        {
          name: "cluster_data",
          content: {
            project_id: "acme",
            cluster_template_id: "t",
            node_count: 3,
            status: "CREATE_COMPLETE",
            discovery_url: "https://discovery.etcd.io/hunter2",
            labels: { admin_token: "hunter2" },
            ...extra,
          },
        },
      ],
    },
  });

  it("is billed from when it works to when it is gone, and not while either is on its way or has failed", () => {
    expect(outlines(made("magnum.cluster.create", told("success")))).toEqual([
      `states magnum.cluster 1 ${SAID} acme t active`,
    ]);
    expect(outlines(made("magnum.cluster.delete", told("success")))).toEqual([
      `ends magnum.cluster 1 ${SAID} acme t active`,
    ]);
    expect(translate(made("magnum.cluster.create", told("pending")), PLACE)).toEqual({ ignored: "midway" });
    expect(translate(made("magnum.cluster.create", told("failure")), PLACE)).toEqual({ ignored: "failed" });
  });

  it("never tells the tokens in its labels and its discovery URL", () => {
    const { events } = batchOf(made("magnum.cluster.update", told("success")));

    expect(events).toMatchObject([{ attributes: { name: "k8s", node_count: "3" } }]);
    expect(JSON.stringify(events)).not.toContain("hunter2");
  });

  it("comes to an event where an older Magnum does not say which it is", () => {
    const heard = batchOf(
      made("magnum.cluster.create", {
        outcome: "success",
        initiator: { project_id: "acme" },
        target: { id: "random" },
      }),
    );

    expect(heard).toMatchObject({ samples: [], events: [{ project: "acme" }] });
  });
});

describe("a database", () => {
  const database = {
    instance_id: "d",
    tenant_id: "acme",
    instance_type: "m1.db",
    service_id: "mysql",
    state: "ACTIVE",
    created_at: "2026-11-23T09:00:00Z",
    launched_at: "2026-11-23T09:00:00Z",
    volume_size: 4,
  };

  it("is billed from its launch to its deletion, and by its flavor from the second of a change", () => {
    const created = made("trove.instance.create", database);
    const resized = made("trove.instance.modify_flavor", {
      ...database,
      instance_type: "m1.big",
      modify_at: "2026-11-23T09:30:00.5Z",
    });
    const deleted = made("trove.instance.delete", { ...database, deleted_at: "2026-11-23T09:45:00" });

    expect([created, resized, deleted].map((one) => outlines(one).at(-1))).toEqual([
      "states trove.instance 1 2026-11-23T09:00:00Z acme m1.db mysql active",
      "states trove.instance 1 2026-11-23T09:30:00Z acme m1.big mysql active",
      "ends trove.instance 1 2026-11-23T09:45:00Z acme m1.db mysql active",
    ]);
  });

  it("is stated by its audit", () => {
    const audit = made("trove.instance.exists", {
      ...database,
      audit_period_beginning: "2026-11-23T09:00:00Z",
      audit_period_ending: "2026-11-23T10:00:00Z",
    });

    expect(outlines(audit).at(-1)).toBe(`states trove.instance 1 ${SAID} acme m1.db mysql active`);
    expect(() => batchOf(bent(audit, { audit_period_ending: null }))).toThrow("the audit period is missing");
  });
});

describe("a bare-metal machine", () => {
  const told = (fields = {}) => ({
    "ironic_object.name": "NodeSetProvisionStatePayload",
    "ironic_object.data": {
      uuid: "n",
      owner: "cloud",
      lessee: "acme",
      resource_class: "gold",
      provision_state: "active",
      provision_updated_at: "2026-11-23T09:59:00Z",
      driver_info: { ipmi_password: "hunter2" },
      instance_info: { configdrive: "hunter2" },
      ...fields,
    },
  });

  it("is its lessee's, else its owner's, by its state and class and from the second of a change to its deletion", () => {
    const changed = "baremetal.node.provision_set.end";

    expect(outlines(made(changed, told()))).toEqual(["states baremetal.node 1 2026-11-23T09:59:00Z acme active gold"]);
    expect(outlines(made(changed, told({ lessee: null })))[0]).toContain(" cloud active gold");
    expect(outlines(made("baremetal.node.delete.end", told()))).toEqual([
      `ends baremetal.node 1 ${SAID} acme active gold`,
    ]);
  });

  it("is nobody's to pay for without either, and is told all the same", () => {
    const heard = batchOf(made("baremetal.node.create.end", told({ lessee: null, owner: null })));

    expect(heard).toMatchObject({ samples: [], events: [{ source: "ironic", attributes: { node: "n" } }] });
  });

  it("never tells the passwords of its management board", () => {
    const heard = batchOf(made("baremetal.node.power_set.end", told({ power_state: "power on" })));

    expect(heard.events).toMatchObject([{ attributes: { power_state: "power on" } }]);
    expect(JSON.stringify(heard.events)).not.toContain("hunter2");
  });
});

const SAID = "2026-11-23T10:00:30Z";
const GIB = 1024n ** 3n;
const PLACE = { region: "one" };
