import { dimensioned, enumerated, some } from "./enumerated.ts";
import type { HeldSentences } from "./held.ts";

export const ES: HeldSentences = {
  unpriced: ({ meter, dimensions, count, resources }, figure) =>
    `no hay precio para ${dimensioned(meter, dimensions)} (${some(resources, count, (more) => ` y ${figure(more)} más`)})`,
  seen: ({ percent, percentMin }, figure) =>
    `solo se observó el ${figure(percent)} % del tiempo facturado; la cuenta exige el ${figure(percentMin)} %`,
  silent: ({ agents, agentsMax }, figure) =>
    `${figure(agents)} ${agents === 1 ? "agente había enmudecido" : "agentes habían enmudecido"} al final del período; la cuenta admite ${figure(agentsMax)}`,
  unreconciled: ({ count, countMax, resources }, figure) =>
    `nadie confirmó el fin de ${figure(count)} ${count === 1 ? "recurso facturado" : "recursos facturados"}; la cuenta admite ${figure(countMax)} (${some(resources, count, (more) => ` y ${figure(more)} más`)})`,
  "seller-missing": () => "la cuenta no dice quién vende",
  "buyer-missing": () => "la cuenta no dice quién compra",
  "tax-missing": () => "la cuenta no tiene impuesto para el final del período",
  "claimed-twice": ({ project, accounts }) =>
    `varias cuentas reclaman el proyecto ${project}: ${enumerated(accounts, "y")}`,
  "book-missing": ({ book }) => `ninguna lista de precios llamada ${book} estaba en vigor al comienzo del período`,
  "currencies-differ": ({ book, account }) => `la lista de precios está en ${book} y se factura en ${account}`,
  "month-open": () => "el mes aún no ha terminado en la zona horaria de la cuenta",
  "e-invoice": ({ rule, says }) => `como factura electrónica infringiría ${rule}: ${says}`,
  refused: ({ says }) => `no fue admitida en los libros: ${says}`,
};
