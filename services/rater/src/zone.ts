import { type Reader, text } from "@raingauge/runtime";
import { isZone } from "./months.ts";

/** The zone whose months are billed. UTC unless told: a wrong guess would move midnight on every invoice. */
export const zone = (name: string): Reader<string> => {
  const { names, read } = text(name, { fallback: "UTC" });
  return {
    names,
    read(look, problem) {
      const written = read(look, problem);
      if (!isZone(written))
        problem(`RAINGAUGE_${name} must be a time zone such as Europe/Berlin, not ${JSON.stringify(written)}`);
      return written;
    },
  };
};
