import type { Question, Showing } from "@raingauge/definitions";
import { ApiError, type Outsider, type Shown } from "@raingauge/openstack";
import type { Asking } from "../central/asking.ts";
import { run } from "./command.ts";

/** Whom an agent can ask; what is absent it cannot. */
export interface Askers {
  readonly session?: Pick<Asking, "fetch">;
  readonly outsider?: Outsider;
  /** Set only where an operator allowed commands. */
  readonly runs?: { readonly signal: AbortSignal };
}

/** The answer to a question as it was written. `at`: the path or the address, which pages change. Throws ApiError or CommandFailed. */
export type Ask = (question: Question, at: string) => Promise<string>;

export const asking =
  ({ session, outsider, runs }: Askers): Ask =>
  async ({ asks, headers, timeoutSeconds }, at) => {
    switch (asks.by) {
      case "catalog": {
        if (session === undefined) throw new ApiError("no_endpoint", "this agent asks no API");
        const call = { service: asks.service, path: at, headers, timeoutSeconds, isLink: true, isText: true };
        return String((await session.fetch(call)).body ?? "");
      }
      case "address": {
        if (outsider === undefined) throw new ApiError("no_endpoint", "this agent asks no API");
        const shown = await shownBy(asks.showing, session);
        return outsider.get({ url: at, headers, timeoutSeconds, shown });
      }
      case "command":
        if (runs === undefined) throw new ApiError("forbidden", "RAINGAUGE_HOST_COMMANDS is not set");
        return run(asks.command, timeoutSeconds, runs.signal);
    }
  };

/** Asked of Barbican each time, so that a secret that was changed there is the one that is shown. */
async function shownBy(
  { kind, parameters, barbicanSecret }: Showing,
  session: Pick<Asking, "fetch"> | undefined,
): Promise<Shown> {
  const written = parameters() !== "" ? parameters() : await barbicanSays(barbicanSecret, session);
  const [who = "", secret = ""] = written.split(",").map((each) => each.trim());
  if (who === "" || secret === "") throw new ApiError("unreadable", "the secret is not of the form WHO,SECRET");
  return kind === "s3"
    ? { kind, accessKey: who, secretKey: () => secret }
    : { kind, user: who, password: () => secret };
}

async function barbicanSays(secret: string, session: Pick<Asking, "fetch"> | undefined): Promise<string> {
  if (session === undefined) throw new ApiError("no_endpoint", "this agent asks no Barbican");
  const path = `/secrets/${encodeURIComponent(secret)}/payload`;
  const headers = { accept: "text/plain" };
  const { body } = await session.fetch({ service: "key-manager", version: "v1", path, headers, isText: true });
  return String(body ?? "");
}
