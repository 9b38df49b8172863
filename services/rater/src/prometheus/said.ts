import type { QueryError } from "@raingauge/promql";
import type { FastifyReply } from "fastify";
import type { Answered } from "./question.ts";

/** What Prometheus' clients read, as JSON text. */
export const success = (data: string, { warnings, infos }: Omit<Answered, "data">): string =>
  `{"status":"success","data":${data}${[{ warnings }, { infos }].map(notice).join("")}}`;

export const NO_NOTICES = { warnings: [], infos: [] };

/** Absent where there is none, as Prometheus has it. */
const notice = (given: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(given)
    .filter(([, texts]) => texts.length > 0)
    .map(([name, texts]) => `,${JSON.stringify(name)}:${JSON.stringify(texts)}`)
    .join("");

export const failure = ({ type, message }: Pick<QueryError, "type" | "message">): string =>
  JSON.stringify({ status: "error", errorType: type, error: message });

/** What is sent is JSON text already. */
export const send = (reply: FastifyReply, text: string): FastifyReply =>
  reply
    .header("content-type", "application/json")
    .serializer((body: unknown) => String(body))
    .send(text);
