import { Readable } from "node:stream";
import {
  type Chart,
  clerk,
  coreProblemsOf,
  E_INVOICES,
  EXPORTS,
  eInvoiceOf,
  exportOf,
  invoicePage,
  type Press,
  SKR03,
  type Wanted,
} from "@raingauge/documents";
import type { IssuedInvoice } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { sendPage } from "../html-reply.ts";
import { invoicesInParts } from "../parts-of-invoices.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "invoices" | "invoice">;
  readonly calendar: Calendar;
  readonly log: Log;
  readonly printing: Press;
  /** The accounts onto which documents are booked. */
  readonly chart?: Chart | undefined;
}

const BULK = ["lines", "xlsx", "journal", "hledger", "beancount", "datev", "xero", "quickbooks"] as const;
const DATASETS = ["cost-and-usage", "invoice-detail", "billing-period"] as const;
const PRODUCES = [
  ...new Set([...Object.values(EXPORTS), ...Object.values(E_INVOICES)].map(({ type }) => type.split(";")[0] ?? "")),
];

/** Issued documents as files: one by its number, or all of a period for accounting and for cost tools. */
export const documentRoutes: Routes<Collaborators> = async (
  app,
  { ledger, calendar, log, printing, chart = SKR03 },
) => {
  const writing = clerk(chart);
  app.addHook("onClose", () => writing[Symbol.asyncDispose]());

  /** The first piece is waited for, so that what goes wrong at once is told as a problem and not as half a file. */
  const sendFile = async (
    reply: FastifyReply,
    wanted: Wanted,
    documents: AsyncIterable<readonly IssuedInvoice[]>,
    name: string,
  ): Promise<FastifyReply> => {
    const pieces = writing.write(wanted, documents)[Symbol.asyncIterator]();
    const [first, second] = [await pieces.next(), await pieces.next()];
    const { type, extension } = exportOf(wanted);
    const file = { type, name: `${name}.${extension}` };
    const begun = [first, second].flatMap(({ value }) => (value === undefined ? [] : [value]));
    if (second.done === true) return send(reply, { ...file, content: contentOf(type, Buffer.concat(begun)) });
    const content = Readable.from(continued(begun, pieces));
    content.once("error", (error) => log.error("file broken off", { name: file.name, error }));
    // Also where nobody read any of it: then the clerk need not go on.
    content.once("close", () => void pieces.return?.());
    return send(reply, { ...file, content });
  };

  const one = {
    summary: "One document as a file: a page, a PDF with its data attached, an electronic invoice, a table or bookings",
    params: z.object({ number: z.string(), format: z.enum(["html", "pdf", "ubl", "cii", "focus", ...BULK]) }),
    produces: ["text/html", "application/pdf", ...PRODUCES],
    response: { 200: z.unknown() },
  };
  app.get(
    "/v1/invoices/:number/documents/:format",
    { schema: one, config: { admits: ANYBODY } },
    async (request, reply) => {
      const { number, format } = request.params;
      const issued = await ledger.invoice(number, scopeOf(request));
      if (issued === undefined) throw new Problem("NOT_FOUND");
      switch (format) {
        case "html":
          return sendPage(reply, invoicePage(issued));
        case "pdf":
          return send(reply, { type: "application/pdf", name: `${number}.pdf`, content: await printing.print(issued) });
        case "ubl":
        case "cii":
          assertElectronic(issued);
          return send(reply, {
            type: E_INVOICES[format].type,
            name: `${number}-${format}.${E_INVOICES[format].extension}`,
            content: E_INVOICES[format].write([issued]),
          });
        case "focus":
          return sendFile(reply, FOCUS, alone(issued), `${number}-focus`);
        default:
          return sendFile(reply, { kind: format }, alone(issued), `${number}-${format}`);
      }
    },
  );

  const many = {
    summary: "All documents of a period as one file, for spreadsheets and accounting",
    params: z.object({ format: z.enum(BULK) }),
    querystring: z.object({ period: PeriodText, project: z.string().optional() }),
    produces: PRODUCES,
    response: { 200: z.unknown() },
  };
  app.get("/v1/exports/:format", { schema: many, config: { admits: ANYBODY } }, async (request, reply) => {
    const { format } = request.params;
    const documents = invoicesInParts(ledger, queryOf(request.query, calendar), scopeOf(request));
    return sendFile(reply, { kind: format }, documents, nameOf(format, request.query));
  });

  const focus = {
    summary: "All documents of a period as a FOCUS dataset",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      dataset: z.enum(DATASETS).default("cost-and-usage"),
      version: z.enum(["1.4", "1.2"]).default("1.4"),
      encoding: z.enum(["csv", "json", "parquet"]).default("csv"),
    }),
    produces: ["text/csv", "application/json", "application/vnd.apache.parquet"],
    response: { 200: z.unknown() },
  };
  app.get("/v1/exports/focus", { schema: focus, config: { admits: ANYBODY } }, async (request, reply) => {
    const { dataset, encoding, version } = request.query;
    const documents = invoicesInParts(ledger, queryOf(request.query, calendar), scopeOf(request));
    const wanted = { kind: "focus", dataset, encoding, version } as const;
    return sendFile(reply, wanted, documents, nameOf(`focus-${dataset}`, request.query));
  });
};

interface Asked {
  readonly period?: string | undefined;
  readonly project?: string | undefined;
}

const queryOf = ({ period, project }: Asked, calendar: Calendar): Parameters<Ledger["invoices"]>[0] => ({
  ...(period === undefined ? {} : { period: periodOf(period, calendar) }),
  ...(project === undefined ? {} : { project }),
});

const nameOf = (format: string, { period }: Asked): string =>
  `raingauge-${format}${period === undefined ? "" : `-${period.replace(/[^0-9A-Za-z-]+/g, "_")}`}`;

/** What breaks a rule of the core is no electronic invoice, and must not be sent as one. */
function assertElectronic(issued: IssuedInvoice): void {
  const problems = coreProblemsOf(eInvoiceOf(issued));
  if (problems.length === 0) return;
  throw new Problem(
    "E_INVOICE_INVALID",
    `${issued.number} breaks ${problems.map(({ rule }) => rule).join(", ")}`,
    problems.map(({ rule, says }) => ({ where: rule, says })),
  );
}

/** Of one document. */
const FOCUS = { kind: "focus", dataset: "cost-and-usage", encoding: "csv", version: "1.4" } as const satisfies Wanted;

async function* alone(issued: IssuedInvoice): AsyncGenerator<readonly IssuedInvoice[]> {
  yield [issued];
}

async function* continued(begun: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* begun;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** A short text is sent as one, so that it has a digest by which nobody need be sent it again. */
const contentOf = (type: string, content: Buffer): string | Buffer =>
  type.endsWith("charset=utf-8") ? content.toString("utf8") : content;

interface File {
  readonly type: string;
  readonly name: string;
  readonly content: string | Buffer | Readable;
}

/** As it is, and under a name of its own where somebody saves it. */
function send(reply: FastifyReply, { type, name, content }: File): FastifyReply {
  reply
    .header("content-type", type)
    .header("content-disposition", `attachment; filename="${name.replace(/[^0-9A-Za-z._-]+/g, "_")}"`);
  return typeof content === "string" ? reply.serializer(String).send(content) : reply.send(content);
}
