export type { Bill, BillingTerms } from "./bill.ts";
export { mailer } from "./budgets/mail.ts";
export { budgetsOnSchedule } from "./budgets/on-schedule.ts";
export { MAIL_READERS } from "./budgets/settings.ts";
export { calendarOf } from "./calendar.ts";
export { type Closed, type ClosingTerms, closePeriod, PeriodOpen } from "./close.ts";
export { type CloserParts, closeOnSchedule } from "./closer.ts";
export type { MetricsFile } from "./cloudkitty/metrics-file.ts";
export { metricsFileReader } from "./cloudkitty/settings.ts";
export type { Finding } from "./compare.ts";
export {
  type Drafted,
  draftInvoices,
  ENGINE,
  isDrafted,
  liveCosts,
  PriceBookMissing,
  type Undrafted,
} from "./draft.ts";
export type { Access, Identity } from "./identity/identity.ts";
export { openIdentity } from "./identity/open.ts";
export { identityReaders } from "./identity/settings.ts";
export { type RaterMetrics, raterMetrics } from "./metrics.ts";
export { monthBefore, monthMs, monthName, monthNamed, monthOf } from "./months.ts";
export { OUTSIDE_READERS, type Outside } from "./outside/settings.ts";
export { QUERY_READERS, type QueryLimits } from "./prometheus/settings.ts";
export { raterReady } from "./ready.ts";
export { reconcileMonths } from "./reconcile.ts";
export { RULES_READERS, type RulesSettings } from "./rules/settings.ts";
export { closeDueMonths, dueMonths, type MonthClosed, type ScheduleTerms } from "./schedule.ts";
export { type ServerParts, server } from "./server.ts";
export { signOnReader } from "./single-sign-on/settings.ts";
export { type SignOn, signOn } from "./single-sign-on/sign-on.ts";
export { type Verification, verify } from "./verify.ts";
export { type Why, type WhyQuery, why } from "./why.ts";
export { zone } from "./zone.ts";
