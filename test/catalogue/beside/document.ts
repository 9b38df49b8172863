import type { Sample } from "@raingauge/domain";
import { type Beside, isSame } from "./compared.ts";
import { REASONS, reasonFor } from "./reasons.ts";

export interface Compared {
  readonly all: readonly Beside[];
  /** Ours of the same recorded notifications. */
  readonly heard: readonly Sample[];
}

/** `docs/from-ceilometer.md`: what of Ceilometer's is where, and each of its recorded readings beside ours. */
export const ceilometerDocument = (compared: Compared): string =>
  [INTRODUCTION, SAME, agreement(compared), DIFFERENT, differences(compared), MORE, only(compared)].join("\n");

const HELD = { notification: "the message", libvirt: "libvirt's answers", API: "the APIs' answers" } as const;

function agreement({ all }: Compared): string {
  const meters = Map.groupBy(all, ({ from, theirs }) => `${from} ${theirs.name}`);
  const rows = [...meters]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => {
      const [first] = each;
      const same = each.filter(isSame).length;
      const why = REASONS.flatMap((reason, index) =>
        each.some((one) => !isSame(one) && reasonFor(one) === reason) ? [index + 1] : [],
      );
      return [
        code(first?.theirs.name ?? ""),
        HELD[first?.from ?? "API"],
        each.length,
        same,
        each.length - same,
        why.join(", "),
      ];
    });
  return table(["Ceilometer's name", "held against", "theirs", "the same here", "otherwise", "because of"], rows);
}

function differences({ all }: Compared): string {
  const different = all.filter((each) => !isSame(each));
  const rows = REASONS.map((reason, index) => {
    const { theirs, ours, why } = reason;
    return [index + 1, theirs, ours, why, different.filter((each) => reasonFor(each) === reason).length];
  });
  return table(["", "Ceilometer 19 tells", "here", "why", "readings"], rows);
}

function only({ all, heard }: Compared): string {
  const theirs = new Set(all.filter(({ from }) => from === "notification").map(({ meter }) => meter));
  const ours = Map.groupBy(
    heard.filter(({ meter }) => !theirs.has(meter)),
    ({ meter }) => meter,
  );
  return table(
    ["meter", "readings", "resources"],
    [...ours]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([meter, each]) => [code(meter), each.length, new Set(each.map(({ resource }) => resource)).size]),
  );
}

const code = (word: string): string => `\`${word.replaceAll("|", "\\|")}\``;

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")
    .concat("\n");

const INTRODUCTION = `# From Ceilometer

What Ceilometer's agents do is done here by three processes, side by side with it for as long as you like: a listener with a queue of its own
takes nothing from Ceilometer's, and a poller asks the same APIs.

| Ceilometer | here | see |
| --- | --- | --- |
| \`ceilometer-agent-compute\` | the poller on each compute node | [polling.md](polling.md) |
| \`ceilometer-agent-central\` | the poller in its central role, once for each region or several that share | [sweeping.md](sweeping.md) |
| \`ceilometer-agent-ipmi\` | the poller on the host, or central, by IPMI or Redfish | [sweeping.md](sweeping.md#management-boards) |
| \`ceilometer-agent-notification\` | the listener | [openstack.md](openstack.md) |
| \`meters.d\`, \`event_definitions.yaml\` | loaded as they are | [definitions.md](definitions.md) |
| the \`http://\` publisher | may be pointed at the API | [outside.md](outside.md) |
| Gnocchi, its archive policies | the store: readings as they came, and the usage of each hour in whole numbers | [from-aodh-and-gnocchi.md](from-aodh-and-gnocchi.md) |
| CloudKitty over Gnocchi | price books and invoices, and CloudKitty's API | [from-cloudkitty.md](from-cloudkitty.md) |

Meters keep their names and units; [meters.md](meters.md) lists every one, the old names, and what its catalogue hides.

The rest of this page is generated (\`UPDATE=1 npx vitest run test/catalogue\` writes it). Ceilometer 19, as Debian 12 has it, made samples of a recorded
cloud: of half an hour of its notifications, and of four rounds of polling its guests and APIs. Each of them is held against what we make of the very same
message, of libvirt's answers just before and after, or of the APIs' recorded answers. A difference without a reason fails the build, and so does a
reason for no difference. (Its own meter definitions, loaded here, come to the same samples too: \`test/peers\`.)
`;

const SAME = `## Each of its readings

*The same* is the same amount of the same resource and project, in the meter's base unit. A counter or a gauge of libvirt's that was read at another instant is
the same where it lies between our readings around it.
`;

const DIFFERENT = `## What differs, and why
`;

const MORE = `## What it does not tell

Meters that come here of the same half an hour of notifications, Nova's versioned ones with them, which Ceilometer cannot read.
`;
