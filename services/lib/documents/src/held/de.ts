import { dimensioned, enumerated, some } from "./enumerated.ts";
import type { HeldSentences } from "./held.ts";

export const DE: HeldSentences = {
  unpriced: ({ meter, dimensions, count, resources }, figure) =>
    `kein Preis für ${dimensioned(meter, dimensions)} (${some(resources, count, (more) => ` und ${figure(more)} weitere`)})`,
  seen: ({ percent, percentMin }, figure) =>
    `nur ${figure(percent)} % der berechneten Zeit wurden beobachtet; das Konto verlangt ${figure(percentMin)} %`,
  silent: ({ agents, agentsMax }, figure) =>
    `${figure(agents)} ${agents === 1 ? "Agent war" : "Agenten waren"} am Ende des Zeitraums verstummt; das Konto lässt ${figure(agentsMax)} zu`,
  unreconciled: ({ count, countMax, resources }, figure) =>
    `von ${figure(count)} berechneten ${count === 1 ? "Ressource" : "Ressourcen"} hat niemand das Ende bestätigt; das Konto lässt ${figure(countMax)} zu (${some(resources, count, (more) => ` und ${figure(more)} weitere`)})`,
  "seller-missing": () => "das Konto nennt keinen Verkäufer",
  "buyer-missing": () => "das Konto nennt keinen Käufer",
  "tax-missing": () => "das Konto nennt keine Steuer für das Ende des Zeitraums",
  "claimed-twice": ({ project, accounts }) =>
    `Projekt ${project} wird von mehreren Konten beansprucht: ${enumerated(accounts, "und")}`,
  "book-missing": ({ book }) => `keine Preisliste namens ${book} galt am Anfang des Zeitraums`,
  "currencies-differ": ({ book, account }) => `die Preisliste lautet auf ${book}, abgerechnet wird in ${account}`,
  "month-open": () => "der Monat ist in der Zeitzone des Kontos noch nicht zu Ende",
  "e-invoice": ({ rule, says }) => `als elektronische Rechnung verstieße sie gegen ${rule}: ${says}`,
  refused: ({ says }) => `sie wurde nicht in die Bücher aufgenommen: ${says}`,
};
