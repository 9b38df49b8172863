import { dimensioned, enumerated, some } from "./enumerated.ts";
import type { HeldSentences } from "./held.ts";

export const FR: HeldSentences = {
  unpriced: ({ meter, dimensions, count, resources }, figure) =>
    `aucun prix pour ${dimensioned(meter, dimensions)} (${some(resources, count, (more) => ` et ${figure(more)} de plus`)})`,
  seen: ({ percent, percentMin }, figure) =>
    `seulement ${figure(percent)} % du temps facturé a été observé ; le compte exige ${figure(percentMin)} %`,
  silent: ({ agents, agentsMax }, figure) =>
    `${figure(agents)} ${agents === 1 ? "agent était devenu muet" : "agents étaient devenus muets"} à la fin de la période ; le compte en admet ${figure(agentsMax)}`,
  unreconciled: ({ count, countMax, resources }, figure) =>
    `personne n’a confirmé la fin de ${figure(count)} ${count === 1 ? "ressource facturée" : "ressources facturées"} ; le compte en admet ${figure(countMax)} (${some(resources, count, (more) => ` et ${figure(more)} de plus`)})`,
  "seller-missing": () => "le compte ne dit pas qui vend",
  "buyer-missing": () => "le compte ne dit pas qui achète",
  "tax-missing": () => "le compte n’a pas de taxe pour la fin de la période",
  "claimed-twice": ({ project, accounts }) =>
    `plusieurs comptes revendiquent le projet ${project} : ${enumerated(accounts, "et")}`,
  "book-missing": ({ book }) => `aucune grille tarifaire nommée ${book} n’était en vigueur au début de la période`,
  "currencies-differ": ({ book, account }) => `la grille tarifaire est en ${book}, la facturation en ${account}`,
  "month-open": () => "le mois n’est pas encore terminé dans le fuseau du compte",
  "e-invoice": ({ rule, says }) => `comme facture électronique, elle enfreindrait ${rule} : ${says}`,
  refused: ({ says }) => `elle n’a pas été admise dans les livres : ${says}`,
};
