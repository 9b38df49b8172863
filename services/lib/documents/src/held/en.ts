import { dimensioned, enumerated, some } from "./enumerated.ts";
import type { HeldSentences } from "./held.ts";

export const EN: HeldSentences = {
  unpriced: ({ meter, dimensions, count, resources }, figure) =>
    `no price for ${dimensioned(meter, dimensions)} (${some(resources, count, (more) => ` and ${figure(more)} more`)})`,
  seen: ({ percent, percentMin }, figure) =>
    `only ${figure(percent)} % of the charged time was seen; the account asks for ${figure(percentMin)} %`,
  silent: ({ agents, agentsMax }, figure) =>
    `${figure(agents)} ${agents === 1 ? "agent" : "agents"} had fallen silent by the end of the period; the account allows ${figure(agentsMax)}`,
  unreconciled: ({ count, countMax, resources }, figure) =>
    `of ${figure(count)} charged ${count === 1 ? "resource" : "resources"} nobody confirmed that ${count === 1 ? "it" : "they"} ended; the account allows ${figure(countMax)} (${some(resources, count, (more) => ` and ${figure(more)} more`)})`,
  "seller-missing": () => "the account does not say who sells",
  "buyer-missing": () => "the account does not say who buys",
  "tax-missing": () => "the account has no tax for the end of the period",
  "claimed-twice": ({ project, accounts }) => `project ${project} is claimed by ${enumerated(accounts, "and")}`,
  "book-missing": ({ book }) => `no price book named ${book} was in force at the start of the period`,
  "currencies-differ": ({ book, account }) => `its price book is in ${book}, and it is billed in ${account}`,
  "month-open": () => "its month is not over yet in its zone",
  "e-invoice": ({ rule, says }) => `as an electronic invoice it would break ${rule}: ${says}`,
  refused: ({ says }) => says,
};
