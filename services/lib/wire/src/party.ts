import { z } from "zod";

const identifier = z.strictObject({ id: z.string(), scheme: z.exactOptional(z.string()) });

/** Somebody who sells or buys, as frozen with a document. */
export const PartyDocument = z.strictObject({
  name: z.string(),
  address: z.strictObject({
    lines: z.array(z.string()).readonly(),
    city: z.string(),
    postcode: z.string(),
    region: z.exactOptional(z.string()),
    country: z.string(),
  }),
  vatId: z.exactOptional(z.string()),
  taxNumber: z.exactOptional(z.string()),
  registration: z.exactOptional(identifier),
  endpoint: z.exactOptional(identifier),
  contact: z.exactOptional(
    z.strictObject({
      name: z.exactOptional(z.string()),
      phone: z.exactOptional(z.string()),
      email: z.exactOptional(z.string()),
    }),
  ),
  bank: z.exactOptional(
    z.strictObject({ iban: z.string(), bic: z.exactOptional(z.string()), holder: z.exactOptional(z.string()) }),
  ),
});
