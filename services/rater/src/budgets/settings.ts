import { optional, text, url } from "@raingauge/runtime";

/** How mail is sent. Without an address nobody is mailed. */
export const MAIL_READERS = {
  smtpUrl: optional(url("SMTP_URL", { schemes: ["smtp:", "smtps:"] })),
  mailFrom: text("MAIL_FROM", { fallback: "Raingauge <raingauge@localhost>" }),
};
