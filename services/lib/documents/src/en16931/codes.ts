import type { TaxCategory } from "@raingauge/domain";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** ISO 3166-1 alpha-2, with the two that the European lists add: EL has no place here, XI is Northern Ireland, 1A Kosovo. */
export const COUNTRIES = words(`
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF
  CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH
  GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW
  KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG
  NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN
  SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT
  ZA ZM ZW 1A XI`);

/** The list of electronic address schemes, as far as it is in use. */
export const ADDRESS_SCHEMES = words(`
  0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 0193
  0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0221 0225 0230 0235
  0240 0244 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937
  9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959 AN AQ AS AU EM`);

export const UNITS = words("SEC HUR DAY MON AD 4L E34 E35 E61 E62 E63 C62");

export const CATEGORIES: ReadonlySet<string> = words("S Z E AE K G O L M");

/** Under which name the standard keeps a category's rules. */
export const RULES_OF: Readonly<Record<TaxCategory, string>> = {
  S: "S",
  Z: "Z",
  E: "E",
  AE: "AE",
  K: "IC",
  G: "G",
  O: "O",
  L: "AF",
  M: "AG",
};

/** Reason codes that belong to one category alone. */
export const REASON_OF: Readonly<Record<string, { readonly category: TaxCategory; readonly rule: string }>> = {
  "VATEX-EU-G": { category: "G", rule: "PEPPOL-EN16931-P0104" },
  "VATEX-EU-O": { category: "O", rule: "PEPPOL-EN16931-P0105" },
  "VATEX-EU-IC": { category: "K", rule: "PEPPOL-EN16931-P0106" },
  "VATEX-EU-AE": { category: "AE", rule: "PEPPOL-EN16931-P0107" },
  "VATEX-EU-D": { category: "E", rule: "PEPPOL-EN16931-P0108" },
  "VATEX-EU-F": { category: "E", rule: "PEPPOL-EN16931-P0109" },
  "VATEX-EU-I": { category: "E", rule: "PEPPOL-EN16931-P0110" },
  "VATEX-EU-J": { category: "E", rule: "PEPPOL-EN16931-P0111" },
};

export const isReasonCode = (code: string): boolean =>
  /^VATEX-(EU-(79-C|132(-1[A-Q])?|135-1|143(-1[A-L])?|144|146-1E|148(-[A-G])?|151(-1[A-E]A?)?|153|159|309|AE|D|F|G|I|IC|J|O)|FR-[A-Z0-9]+)$/.test(
    code,
  );

/** ISO 4217, as the runtime knows it. */
export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code);
