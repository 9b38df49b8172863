import { aodhSurvey } from "./aodh.ts";
import { cinderSurvey } from "./cinder.ts";
import { designateSurvey } from "./designate.ts";
import { identitySurvey } from "./identity.ts";
import { neutronSurvey } from "./neutron.ts";
import { novaSurvey } from "./nova.ts";
import { octaviaSurvey } from "./octavia.ts";
import { placementSurvey } from "./placement.ts";
import type { Survey } from "./survey.ts";
import { swiftSurvey } from "./swift.ts";

/** Everything that is asked to be looked at or measured, unless an operator names fewer. */
export const SURVEYS: readonly Survey[] = [
  novaSurvey,
  cinderSurvey,
  neutronSurvey,
  identitySurvey,
  placementSurvey,
  octaviaSurvey,
  designateSurvey,
  swiftSurvey,
  aodhSurvey,
];
