import { ApiError, type ApiProblem } from "@raingauge/openstack";

/** How a cloud says that it is without a service, or without an extension of one. */
export type Absence = ReadonlySet<ApiProblem>;

export const ABSENT: Absence = new Set(["no_endpoint", "not_found"] as const);

/** Where it was there before, it is a failure. */
export const isAbsent = (error: unknown, absence: Absence | undefined, wasThere: boolean): boolean =>
  !wasThere && absence !== undefined && error instanceof ApiError && absence.has(error.code);
