/** Of an hour of a machine. */
export const PRICE = "0.02";

/** A line for each machine; what it sent is not charged. */
export const MACHINE_BOOK = `
name: standard
version: "1"
currency: EUR
month: calendar
free: [network.outgoing.bytes]
prices:
  - sku: compute
    description: Machine
    meter: instance
    per: instance hour
    scope: resource
    amount: ${PRICE}
`;
