import { createTransport } from "nodemailer";

/** How mail is sent, where it was said. */
export interface Mailer extends Disposable {
  send(to: readonly string[], subject: string, text: string): Promise<void>;
}

export interface MailOptions {
  /** `smtp://user:password@host:587`, or `smtps://`. */
  readonly url: string;
  readonly from: string;
}

export function mailer({ url, from }: MailOptions): Mailer {
  const transport = createTransport(url, { from });
  return {
    async send(to, subject, text) {
      await transport.sendMail({ to: [...to], subject, text });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
