import { cinderSurvey } from "./cinder.ts";
import { identitySurvey } from "./identity.ts";
import { neutronSurvey } from "./neutron.ts";
import { novaSurvey } from "./nova.ts";
import { placementSurvey } from "./placement.ts";
import type { Survey } from "./survey.ts";

/** Everything that is asked only to be looked at, unless an operator names fewer. */
export const SURVEYS: readonly Survey[] = [novaSurvey, cinderSurvey, neutronSurvey, identitySurvey, placementSurvey];
