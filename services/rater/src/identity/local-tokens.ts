import { EVERYTHING, projects } from "@raingauge/domain";
import { isLocalToken, type Ledger } from "@raingauge/ledger";
import type { Identity } from "./identity.ts";

/**
 * Tokens of our own, out of the ledger; a browser sends one as the password of whoever. What is none of ours is not looked
 * up, so that a ledger that is down does not keep out those whom somebody else knows.
 */
export const localTokens = (ledger: Pick<Ledger, "caller">): Identity => ({
  async access(credentials) {
    const token = credentials.kind === "token" ? credentials.token : credentials.password;
    if (!isLocalToken(token)) return undefined;
    const known = await ledger.caller(token);
    if (known === undefined) return undefined;
    const { name, role, projects: own } = known;
    return { caller: { name, role }, scope: role === "reader" ? projects(...own) : EVERYTHING };
  },
});
