/** What CloudKitty would have answered instead. `says` is what its clients show, and what its tests read. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly status: number;

  constructor(status: number, says: string) {
    super(says);
    this.status = status;
  }
}

/** The body as the version of the API that was asked has it. */
export function faultBody(status: number, says: string, url: string): unknown {
  if (status === 401)
    return {
      error: { code: 401, title: "Unauthorized", message: "The request you have made requires authentication." },
    };
  if (isV2(url)) return { message: says };
  return { faultcode: status >= 500 ? "Server" : "Client", faultstring: says, debuginfo: null };
}

export const isV2 = (url: string): boolean => /^\/rating\/v2(\/|\?|$)/.test(url);
