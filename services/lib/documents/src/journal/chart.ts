import { decimal, type LineTax } from "@raingauge/domain";
import type { Booked } from "./journal.ts";

/** `S19`, `AE0`: what tax a posting bears, in one word. */
export const taxCode = ({ category, rate }: LineTax): string => `${category}${decimal(rate, 4)}`;

/** Names for accounts, for plain-text accounting: a word a level, each with a capital. */
export function accountName(booked: Booked): string {
  switch (booked.kind) {
    case "receivable":
      return `Assets:${booked.isInternal ? "Internal" : "Receivable"}:${level(booked.customer)}`;
    case "revenue":
      return `Income:Cloud:${level(booked.service)}`;
    case "tax":
      return `Liabilities:Tax:${level(booked.code)}`;
    case "prepaid":
      return `Liabilities:Prepaid:${level(booked.customer)}`;
  }
}

/** Letters, digits and hyphens, beginning with a capital or a digit: what every one of these programs takes. */
const level = (text: string): string => {
  const plain = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "Other" : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
};

/** Numbers of the German standard chart SKR03, none of which reckons tax by itself. */
export function accountNumber(booked: Booked): string {
  switch (booked.kind) {
    case "receivable":
      return booked.isInternal ? "1590" : "10000";
    case "revenue":
      return "8200";
    case "tax":
      return "1776";
    case "prepaid":
      return "1710";
  }
}
