import type { Server } from "./server.ts";

type Times = Pick<Server, "launchedAt" | "terminatedAt" | "deletedAt">;
type Named = { readonly [Name in keyof Times]-?: Times[Name] | undefined };

/** The times that a payload really has. */
export const lifeTimes = ({ launchedAt, terminatedAt, deletedAt }: Named): Times => ({
  ...(launchedAt === undefined ? {} : { launchedAt }),
  ...(terminatedAt === undefined ? {} : { terminatedAt }),
  ...(deletedAt === undefined ? {} : { deletedAt }),
});
