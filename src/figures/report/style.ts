import { dark, fontFamily, light, themeVariables } from "../svg/index.ts";

/** The page's looks: light or dark as the reader's system is, light on paper. No font, script or image from elsewhere. */
export const style = `
:root { color-scheme: light dark; ${themeVariables(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${themeVariables(dark)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--gl-paper); color: var(--gl-ink); font: 16px/1.6 ${fontFamily}; }
main { max-width: 808px; margin: 0 auto; padding: 32px 24px 64px; }
header { border-bottom: 1px solid var(--gl-grid); padding-bottom: 20px; }
.run { color: var(--gl-muted); font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
h1 { font-size: 30px; line-height: 1.25; margin: 0 0 12px; text-wrap: balance; }
h2 { font-size: 22px; line-height: 1.3; margin: 48px 0 8px; }
h3 { font-size: 17px; margin: 28px 0 4px; }
p { margin: 10px 0; max-width: 68ch; }
ul { margin: 10px 0; padding-left: 22px; max-width: 68ch; }
li { margin: 4px 0; }
.lead { font-size: 18px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 20px 0 0; }
.fact { background: var(--gl-panel); border-radius: 8px; padding: 10px 14px; }
.fact dt { color: var(--gl-muted); font-size: 13px; }
.fact dd { margin: 0; font-size: 19px; font-weight: 600; }
nav { font-size: 14px; margin-top: 16px; display: flex; flex-wrap: wrap; gap: 4px 16px; }
a { color: var(--gl-category-0); }
figure { margin: 20px 0; break-inside: avoid; }
figure svg { display: block; }
figcaption { color: var(--gl-muted); font-size: 14px; line-height: 1.5; margin-top: 6px; max-width: 76ch; }
.narrow { display: none; }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: 14px; line-height: 1.4; }
th, td { padding: 5px 16px 5px 0; border-bottom: 1px solid var(--gl-grid); vertical-align: top; }
th { text-align: left; color: var(--gl-muted); font-weight: 600; vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { color: var(--gl-muted); font-weight: 400; white-space: nowrap; }
th.number { white-space: normal; }
.together { white-space: nowrap; }
.example { display: inline-block; min-width: 220px; }
.yes, .no { font-weight: 600; white-space: nowrap; }
.yes { color: var(--gl-test); }
.no { color: var(--gl-correct); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: 14px; }
pre { background: var(--gl-panel); border-radius: 8px; padding: 12px 14px; overflow-x: auto; }
td code { overflow-wrap: anywhere; }
details { margin: 12px 0; }
summary { cursor: pointer; color: var(--gl-category-0); }
footer { margin-top: 48px; border-top: 1px solid var(--gl-grid); padding-top: 12px; color: var(--gl-muted); font-size: 13px; }
@media (max-width: 699px) { figure .wide { display: none; } figure .narrow { display: block; } }
@media (max-width: 480px) { main { padding: 20px 22px 48px; } h1 { font-size: 24px; } h2 { font-size: 20px; margin-top: 36px; } .lead { font-size: 16px; } }
@page { margin: 16mm 14mm; }
@media print {
  p, ul, figcaption { max-width: none; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  figure svg { max-height: 215mm; margin: 0 auto; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; } nav { display: none; }
  figure .wide { display: block; } figure .narrow { display: none; } .scroll { overflow: visible; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
}
`;
