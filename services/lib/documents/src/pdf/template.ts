/**
 * The layout, in typst. It is handed finished text and decides nothing but where it stands; the tags that make the document
 * accessible come from its headings, lists and tables. Pages are set twice, because how many there are stands on each: all but
 * that is one block, which is remembered from the first time. A cell or a paragraph like one of a document before is remembered
 * too, where all that is set for it is alike: so what a document alone has, its title say, is set behind everything, and the
 * foot of a page reads it anew. A table's text is set without kerning, as wide as is reckoned.
 */
export const TEMPLATE = `
#let d = json("/sheet.json")
#let w = d.phrases
#set text(font: "Source Sans 3", size: 9.5pt, lang: d.language, features: json("/page.json").features, fill: rgb("#16202b"))
#set par(leading: 0.5em)
#let numbered = counter(page)
#set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 20mm), footer: context {
  let page = json("/page.json")
  set text(size: 8pt, fill: rgb("#55626f"))
  [#page.title #h(1fr) #page.called #numbered.display() #page.of #numbered.final().first()]
})
#let headed = text.with(size: 9.5pt, weight: "semibold")
#let soft = text.with(fill: rgb("#55626f"), size: 8.5pt)
#let strong-text = text.with(weight: "semibold")

#block(width: 100%)[
#grid(columns: (1fr, auto), align: (left + bottom, right + bottom),
  [= #text(size: 20pt, weight: "semibold", d.title)],
  [#soft(w.total) #linebreak() #text(size: 18pt, weight: "semibold", d.total)])
#line(length: 100%, stroke: 1.5pt + rgb("#16202b"))
#v(2mm)
#grid(columns: (1fr, 1fr, 1.25fr), gutter: 6mm,
  [#if d.seller.len() > 0 [== #headed(w.from)
  #d.seller.join(linebreak())]],
  [== #headed(w.to)
  #d.buyer.join(linebreak())],
  terms(..d.facts.map(f => terms.item(f.name, f.value))))
#v(4mm)
#if d.number == "" [#for n in d.notes [#par(n)]]
#if d.summary [#soft(w.summary)]
#let wide = d.columns.map(c => (left: c.left * 1pt, right: c.right * 1pt, top: 0pt, bottom: 2 * d.inset * 1pt))
#let row(height, cells) = if height > 0 { cells } else { cells.zip(wide).map(((body, inset)) => table.cell(inset: inset, body)) }
#let high(height) = if height > 0 { height * 1pt } else { auto }
#[
#set text(baseline: d.inset * 1pt, kerning: false, ligatures: false)
#table(stroke: (x: none, top: none, bottom: 0.4pt + rgb("#d5dbe1")), inset: 0pt, columns: d.columns.map(c => c.width * 1pt), rows: (high(d.heads.height), ..for l in d.lines { (high(l.height),) }), align: (left, left, right, right, right),
  table.header(..d.heads.texts.zip(wide).map(((t, inset)) => table.cell(stroke: (x: none, top: none, bottom: 0.8pt + rgb("#16202b")), inset: if d.heads.height > 0 { 0pt } else { inset }, [*#t*]))),
  ..for l in d.lines { row(l.height, (
    str(l.position),
    strong-text(l.item) + if l.details.len() > 0 { soft("\\n" + l.details.join("\\n")) },
    l.quantity + soft("\\n" + l.unit),
    l.prices.join("\\n"),
    l.amount,
  )) })]
#v(2mm)
#block(breakable: false, inset: (y: d.inset * 1pt), table(columns: (1fr, auto), inset: 0pt, row-gutter: 2 * d.inset * 1pt, column-gutter: 2 * d.inset * 1pt, align: (right, right), stroke: none,
  ..d.sums.enumerate().map(((i, s)) => if i == d.sums.len() - 1 { ([*#s.name*], [*#s.value*]) } else { ([#s.name], [#s.value]) }).flatten()))
#if d.number != "" [#for n in d.notes [#par(n)]]
#if d.payment.len() > 0 [== #headed(w.payTo)
#d.payment.join(linebreak())]
#if d.founded.len() > 0 [
#v(3mm)
== #headed(w.completeness)
#text(size: 8.5pt, fill: rgb("#55626f"), terms(..d.founded.map(f => terms.item(f.name, f.value))))]
#v(3mm)
== #headed(d.check.title)
#for t in d.check.texts [#soft(t)

]

#text(size: 7.5pt, fill: rgb("#55626f"), terms(..d.seals.map(f => terms.item(f.name, f.value))))]
#set document(title: d.title, author: d.author, date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2), hour: d.date.at(3), minute: d.date.at(4), second: d.date.at(5)))
#for a in d.attached { pdf.attach("/" + a.name, relationship: a.relationship, mime-type: a.type, description: a.description) }
`;
