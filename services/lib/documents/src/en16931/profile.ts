/** BT-24 and BT-23 of Peppol BIS Billing 3.0. */
export const PEPPOL_BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
export const PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/** BT-24 of an invoice that promises the European core and nothing more: what a Factur-X document carries. */
export const CORE = "urn:cen.eu:en16931:2017";
