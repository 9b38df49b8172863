export interface FocusService {
  readonly category: string;
  readonly subcategory: string;
  readonly name: string;
  readonly meter: string;
  readonly resourceType: string;
}

const service = (
  category: string,
  subcategory: string,
  name: string,
  meter: string,
  resourceType: string,
): FocusService => ({ category, subcategory, name, meter, resourceType });

/** By the beginning of a meter's name, the most particular first. */
const SERVICES: readonly (readonly [prefix: string, service: FocusService])[] = [
  ["volume.backup", service("Storage", "Backup Storage", "Cinder Backup", "Backup Usage", "Backup")],
  ["backup", service("Storage", "Backup Storage", "Cinder Backup", "Backup Usage", "Backup")],
  ["volume", service("Storage", "Block Storage", "Cinder", "Block Volume Usage", "Volume")],
  ["snapshot", service("Storage", "Block Storage", "Cinder", "Block Volume Usage", "Snapshot")],
  ["image", service("Storage", "Other (Storage)", "Glance", "Image Usage", "Image")],
  ["storage", service("Storage", "Object Storage", "Swift", "Object Storage Usage", "Container")],
  ["radosgw", service("Storage", "Object Storage", "RADOS Gateway", "Object Storage Usage", "Container")],
  ["manila", service("Storage", "File Storage", "Manila", "File Share Usage", "Share")],
  ["network.outgoing", service("Networking", "Network Connectivity", "Neutron Traffic", "Data Transfer", "Server")],
  ["network.incoming", service("Networking", "Network Connectivity", "Neutron Traffic", "Data Transfer", "Server")],
  ["ip.", service("Networking", "Network Infrastructure", "Neutron", "Address Usage", "Floating IP")],
  ["router", service("Networking", "Network Infrastructure", "Neutron", "Network Usage", "Router")],
  [
    "network.services.lb",
    service("Networking", "Application Networking", "Octavia", "Load Balancer Usage", "Load Balancer"),
  ],
  ["network", service("Networking", "Network Infrastructure", "Neutron", "Network Usage", "Network")],
  ["port", service("Networking", "Network Infrastructure", "Neutron", "Network Usage", "Port")],
  ["bandwidth", service("Networking", "Network Connectivity", "Neutron Traffic", "Data Transfer", "Server")],
];

const COMPUTE = service("Compute", "Virtual Machines", "Nova", "Compute Usage", "Server");
const BILLING = service("Other", "Other (Other)", "Billing", "Billing", "Account");

/** A line that measures nothing is of the billing itself. */
export const serviceOf = (meter: string): FocusService =>
  meter === "" ? BILLING : (SERVICES.find(([prefix]) => meter.startsWith(prefix))?.[1] ?? COMPUTE);

/** `instance hour` as FOCUS writes units: `Instance-Hours`. Units of data keep their spelling and have no plural. */
export function focusUnit(label: string): string {
  const words = label.split(" ");
  const counted = /^\d+$/.test(words[0] ?? "") ? (words[0] ?? "") : undefined;
  const named = counted === undefined ? words : words.slice(1);
  const text = named.map((word, index) => (index === named.length - 1 ? plural(word) : spelled(word))).join("-");
  return counted === undefined ? text : `${counted} ${text}`;
}

const DATA = /^(B|[KMGTPE]i?B|kB)$/;

const spelled = (word: string): string =>
  word === "kB" ? "KB" : DATA.test(word) ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const plural = (word: string): string => (DATA.test(word) || word.endsWith("s") ? spelled(word) : `${spelled(word)}s`);
