/** Which release of the time zone database this program runs with, as each invoice records: "2026c". */
export const tzVersion = (): string => process.versions.tz ?? "";
