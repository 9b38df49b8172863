import { randomBytes } from "node:crypto";
import { sha256 } from "@raingauge/wire";

/** 256 random bits behind a prefix that a scanner for leaked secrets can look for. */
export const newToken = (): string => PREFIX + randomBytes(32).toString("base64url");

/** Whether it could be one of ours. */
export const isLocalToken = (text: string): boolean => text.startsWith(PREFIX);

const PREFIX = "rg_";

/**
 * What rests of a token. A plain hash is enough for 256 random bits, and looking it up tells nothing by its timing: who
 * could choose the hash's first bytes would have to invert SHA-256.
 */
export const tokenHash = (token: string): string => sha256(token);
