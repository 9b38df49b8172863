import type { FastifyReply, FastifyRequest } from "fastify";

/** Whether the caller asked for a page by name, as browsers do; `*` alone is a program that takes what it gets. */
export const wantsPage = ({ headers }: Pick<FastifyRequest, "headers">): boolean =>
  /\btext\/html\b/.test(headers.accept ?? "");

/** The page runs no script and asks for nothing; the browser is told so too, should a name ever slip through as markup. */
export const sendPage = (reply: FastifyReply, text: string): FastifyReply =>
  reply
    .header("content-type", "text/html; charset=utf-8")
    .header(
      "content-security-policy",
      `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${formTargets(reply)}; frame-ancestors 'none'`,
    )
    .header("referrer-policy", "no-referrer")
    .serializer((page: unknown) => String(page))
    .send(text);

/** The one form is that by which somebody signs out, and the issuer gets to know of it too. */
const formTargets = ({ server }: FastifyReply): string =>
  server.signIn === undefined ? "'none'" : `'self' ${server.signIn.issuer}`;
