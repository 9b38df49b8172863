/** Why a panel whose metric has a settled name and no source yet is empty. */
export const UNFED =
  "Until something feeds its metric: the name is settled, docs/metrics.md says whether this version has numbers for it.";
