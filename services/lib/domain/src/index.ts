export {
  type Account,
  type BilledAccount,
  billed,
  type ClosingRules,
  type CorrectionRules,
  DEFAULT_CLOSING,
  DEFAULT_CORRECTIONS,
  type Membership,
  ownAccount,
  versionAt,
} from "./account.ts";
export { adjust, familyOf, saidOf, takeBack } from "./adjust.ts";
export { allocate } from "./allocate.ts";
export type { Attributes } from "./attribute.ts";
export { type Batch, rowsIn } from "./batch.ts";
export { type Budget, reached, type Spending, spending, type Threshold, type Webhook } from "./budget.ts";
export type { Calendar } from "./calendar.ts";
export { type Charge, isFree, type Rating, rate } from "./charge.ts";
export {
  columnsOf,
  IDENTITY_BYTES,
  identityIn,
  type SampleColumns,
  type Subject,
  sampleIn,
  samplesIn,
  type Telling,
} from "./columns.ts";
export {
  type Completeness,
  completeness,
  condensed,
  partPercent,
  type SilentAgent,
  unreconciled,
  type Watched,
  type Watching,
  watching,
  watchingAround,
} from "./completeness.ts";
export { incarnationKey } from "./counter.ts";
export {
  AUDIT_LIMIT_SECONDS,
  type Confirmation,
  type Coverage,
  heldUntil,
  LIBVIRT_LIMIT_SECONDS,
  merged,
  observedUntil,
  UNWATCHED,
  type Watch,
  watch,
} from "./coverage.ts";
export { type AvailableCredit, type Credit, type CreditUse, drawn, payable } from "./credit.ts";
export { creditRemarks } from "./credit-remarks.ts";
export { type Day, isDay, monthsAfter } from "./day.ts";
export { CLOUD, DIALS, type Dial, dialNamed, isDial, UNBOUNDED } from "./dials.ts";
export type { Event, Resource } from "./event.ts";
export type { Fee, Proration } from "./fee.ts";
export { sharedOut } from "./frozen.ts";
export { hourly, piecewise } from "./hourly.ts";
export {
  at,
  contains,
  HOUR_MS,
  hourOf,
  type Instant,
  instant,
  iso,
  lengthMs,
  MINUTE_MS,
  overlapMs,
  type Period,
  SECOND_MS,
  wholeSecond,
} from "./instant.ts";
export {
  type Adjusting,
  type BilledProject,
  type BookVersion,
  type Corrected,
  type Invoice,
  type InvoiceLine,
  type InvoiceTerms,
  invoice,
} from "./invoice.ts";
export {
  type Approval,
  CHECKS,
  type Check,
  type IssuedHead,
  type IssuedInvoice,
  isSamePerson,
  type Person,
  type Pins,
  type Waiver,
} from "./issued.ts";
export type { Least } from "./least.ts";
export { type InvoiceEvent, type InvoiceState, type Standing, standingOf } from "./life.ts";
export { type Dispute, type Placement, remainder, type Share, type Shares, sharesOf } from "./membership.ts";
export type { Meter, MeterKind, MeterSource, ShownUnit } from "./meter.ts";
export { DEAD, type DeadMeter } from "./meters/dead.ts";
export { STATUSES, type Status } from "./meters/status.ts";
export { type Unit, unitNamed } from "./meters/unit.ts";
export { allMeters, canonicalName, declareMeters, METERS, meterNamed, presenceMeters } from "./meters.ts";
export type { Minimum } from "./minimum.ts";
export { type Currency, formatMinor, fromMinor, minorDigits, toMinor } from "./money.ts";
export { ORDER, type Step } from "./order.ts";
export { type AgreedTerms, agreedBook, type Holder, type Override, owesAnyway } from "./override.ts";
export { overrideProblems } from "./override-problems.ts";
export type { Address, Identifier, Party } from "./party.ts";
export type { Pattern } from "./pattern.ts";
export { isPlain, isProportional, plainCost, type WholeCosts, wholeCosts } from "./plain-price.ts";
export { combine, dimensionsKey, inIdentityOrder, NO_EVIDENCE, sumEvidence } from "./portion.ts";
export {
  type Conditions,
  type Price,
  type PriceBook,
  type PriceUnit,
  priceOf,
  pricing,
  REGION,
  SOFT_DELETED,
} from "./price.ts";
export { priceHoles } from "./price-coverage.ts";
export type { PriceModel } from "./price-model.ts";
export { priceProblems } from "./price-problems.ts";
export { priceWarnings } from "./price-warnings.ts";
export {
  compare,
  decimal,
  fixed,
  minus,
  parseDecimal,
  plus,
  type Rational,
  rational,
  roundHalfUp,
  sum,
  times,
  ZERO,
} from "./rational.ts";
export { reach } from "./reach.ts";
export { retained } from "./retained.ts";
export { type Retirement, retiredAt } from "./retirement.ts";
export { ROUNDINGS, type Rounding, round } from "./rounding.ts";
export type { Dimensions, Incarnation, Origin, Sample, Stance } from "./sample.ts";
export { EVERYTHING, narrowed, permits, projects, type Scope } from "./scope.ts";
export { sharesTerms } from "./shared-terms.ts";
export { lives, slice } from "./slice.ts";
export {
  type ConvertedTax,
  type LineTax,
  type TaxCategory,
  type TaxCurrency,
  type TaxGroup,
  type TaxReason,
  type TaxTreatment,
  taxAt,
  taxGroups,
  taxOn,
} from "./tax.ts";
export type { PriceProblem } from "./term-problems.ts";
export type { ChargeTier, Tier } from "./tier.ts";
export { inOrder, isEnd, isFirm, PAIRING_MS, resourcesOf, toldEarlier, untilFinalEnd } from "./timeline.ts";
export { type End, type Evidence, measure, type Usage } from "./usage.ts";
