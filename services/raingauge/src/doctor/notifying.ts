/** A line in a service's own configuration. */
export interface Setting {
  readonly section: string;
  readonly option: string;
  /** Any of these is good; the first is what we advise. */
  readonly values: readonly string[];
  /** What the service takes where nobody says anything. */
  readonly unset: string;
  readonly why: string;
  /** Without it readings or bills miss something; else only what one may live without. */
  readonly needed: boolean;
}

/** A service of OpenStack's that tells what happens, and how it is made to. */
export interface Notifying {
  /** As our events name it. */
  readonly service: string;
  /** Its types in Keystone's catalog. */
  readonly types: readonly string[];
  /** What its `control_exchange` may be; the first is its default. */
  readonly exchanges: readonly string[];
  /** Where its settings are, under /etc; the first that is there is read. */
  readonly files: readonly string[];
  readonly settings: readonly Setting[];
  /** What makes it speak, for whoever wants to see it. */
  readonly speaks: string;
}

const DRIVER: Setting = {
  section: "oslo_messaging_notifications",
  option: "driver",
  values: ["messagingv2", "messaging"],
  unset: "",
  why: "without a driver it tells nobody anything",
  needed: true,
};

const ordinary = (
  service: string,
  types: readonly string[],
  files: readonly string[],
  speaks: string,
  settings: readonly Setting[] = [],
  exchanges: readonly string[] = [service],
): Notifying => ({ service, types, exchanges, files, settings: [DRIVER, ...settings], speaks });

const inEtc = (service: string, file: string, ...kolla: readonly string[]): string[] => [
  `${service}/${file}`,
  ...kolla.map((container) => `kolla/${container}/${file}`),
];

/** What each service needs to be told, so that it tells us; docs/openstack.md says the same to people. */
export const NOTIFYING: readonly Notifying[] = [
  ordinary(
    "nova",
    ["compute"],
    inEtc("nova", "nova.conf", "nova-compute", "nova-api", "nova-conductor"),
    "a machine that is started or stopped",
    [
      {
        section: "notifications",
        option: "notification_format",
        values: ["unversioned", "versioned", "both"],
        unset: "unversioned",
        why: "either format will do; both together count once",
        needed: true,
      },
      {
        section: "DEFAULT",
        option: "instance_usage_audit",
        values: ["True"],
        unset: "False",
        why: "each hour it confirms every machine, whatever notification was lost",
        needed: true,
      },
      {
        section: "DEFAULT",
        option: "instance_usage_audit_period",
        values: ["hour"],
        unset: "month",
        why: "a confirmation a month is none for a bill",
        needed: true,
      },
      {
        section: "notifications",
        option: "notify_on_state_change",
        values: ["vm_and_task_state", "vm_state"],
        unset: "",
        why: "states that no action tells of are told",
        needed: false,
      },
    ],
  ),
  ordinary(
    "cinder",
    ["block-storage", "volumev3", "block-store", "volume"],
    inEtc("cinder", "cinder.conf", "cinder-volume", "cinder-api"),
    "a volume that is made",
    [],
    ["openstack", "cinder"],
  ),
  ordinary("glance", ["image"], inEtc("glance", "glance-api.conf", "glance-api"), "an image that is made"),
  ordinary(
    "neutron",
    ["network"],
    inEtc("neutron", "neutron.conf", "neutron-server"),
    "a floating address that is made",
  ),
  ordinary("keystone", ["identity"], inEtc("keystone", "keystone.conf", "keystone"), "somebody who logs in", [
    {
      section: "DEFAULT",
      option: "notification_opt_out",
      values: [""],
      unset: "identity.authenticate.success, identity.authenticate.pending, identity.authenticate.failed",
      why: "who logged in is told too; an empty `notification_opt_out =` line opts out of nothing",
      needed: false,
    },
    {
      section: "DEFAULT",
      option: "notification_format",
      values: ["cadf"],
      unset: "cadf",
      why: "only this format says who did it",
      needed: false,
    },
  ]),
  ordinary("heat", ["orchestration"], inEtc("heat", "heat.conf", "heat-engine"), "a stack that is made"),
  ordinary(
    "octavia",
    ["load-balancer"],
    inEtc("octavia", "octavia.conf", "octavia-worker"),
    "a load balancer that is made",
  ),
  ordinary(
    "manila",
    ["shared-file-system", "sharev2", "share"],
    inEtc("manila", "manila.conf", "manila-share"),
    "a share that is made",
  ),
  ordinary(
    "designate",
    ["dns"],
    inEtc("designate", "designate.conf", "designate-central"),
    "a zone that is made",
    [],
    ["dns", "designate"],
  ),
  ordinary("trove", ["database"], inEtc("trove", "trove.conf", "trove-taskmanager"), "a database that is made"),
  ordinary(
    "magnum",
    ["container-infrastructure-management", "container-infra"],
    inEtc("magnum", "magnum.conf", "magnum-conductor"),
    "a cluster that is made",
  ),
  ordinary("ironic", ["baremetal"], inEtc("ironic", "ironic.conf", "ironic-conductor"), "a node that is provisioned", [
    {
      section: "DEFAULT",
      option: "notification_level",
      values: ["info", "debug"],
      unset: "",
      why: "without a level it tells nothing of its nodes",
      needed: true,
    },
  ]),
  {
    service: "swift",
    types: ["object-store"],
    exchanges: ["swift"],
    files: inEtc("swift", "proxy-server.conf", "swift-proxy-server"),
    settings: [
      {
        section: "filter:ceilometer",
        option: "paste.filter_factory",
        values: ["ceilometermiddleware.swift:filter_factory"],
        unset: "",
        why: "Swift tells of its requests only through this middleware; it also stands in `pipeline`, and says `driver = messagingv2`, `topic = notifications` and `url` of the broker",
        needed: true,
      },
    ],
    speaks: "a request to it",
  },
];

/** How a setting is written, for whoever has to write it. */
export const written = ({ section, option, values: [first = ""] }: Setting): string =>
  `[${section}] ${option} =${first === "" ? "" : ` ${first}`}`;

/** All that a service must be told, in one line. */
export const advice = ({ service, settings, files: [file = ""] }: Notifying): string =>
  `in ${service}'s /etc/${file}: ${settings
    .filter(({ needed }) => needed)
    .map(written)
    .join(", ")}; then restart its services`;
