import { type Account, ownAccount, type Party, type PriceBook, parseDecimal } from "@raingauge/domain";

/** Whose months begin at what moment, and where clocks are changed by how much: all that a zone can do to a bill. */
const ZONES: Readonly<Record<string, string>> = {
  utc: "UTC",
  berlin: "Europe/Berlin",
  new_york: "America/New_York",
  kolkata: "Asia/Kolkata",
  kathmandu: "Asia/Kathmandu",
  lord_howe: "Australia/Lord_Howe",
};

const party = (name: string, vatId: string, city: string): Party => ({
  name,
  vatId,
  address: { lines: ["1 High Street"], city, postcode: "53111", country: "DE" },
});

/** One in each zone; the one in Berlin is a customer outside the house, with tax. */
export const CUSTOMERS: readonly Account[] = Object.entries(ZONES).map(([id, zone]) => ({
  ...ownAccount(id, { zone, currency: "EUR", book: "standard" }),
  members: [{ kind: "project", id: projectOf(id) }],
  corrections: { policy: "both", approval: false },
  series: `${id.toUpperCase().replaceAll("_", "-")}-{year}`,
  ...(id === "berlin"
    ? {
        mode: "external" as const,
        seller: party("Cloud AG", "DE111111111", "Bonn"),
        buyer: party("Oaks GmbH", "DE222222222", "Ulm"),
        taxes: [{ category: "S" as const, rate: parseDecimal("19") }],
      }
    : {}),
}));

export function projectOf(account: string): string {
  return `${account}-project`;
}

const GB = 1_000_000_000n;

/** Machines by the hour in two tiers, and volumes by the month. */
export const bookOf = (version: string, hourly: string): PriceBook => ({
  name: "standard",
  version,
  currency: "EUR",
  month: "calendar",
  free: [],
  prices: [
    {
      sku: "compute",
      description: "Virtual machine",
      meter: "instance",
      where: {},
      per: { label: "instance hour", quantity: 1n, time: 3_600_000n },
      scope: "project",
      tiers: [{ upTo: parseDecimal("900"), amount: parseDecimal(hourly) }, { amount: parseDecimal("0.03") }],
    },
    {
      sku: "volume",
      description: "Block storage",
      meter: "volume.size",
      where: {},
      per: { label: "GB month", quantity: GB, time: "month" },
      scope: "project",
      tiers: [{ amount: parseDecimal("0.11") }],
    },
  ],
});
