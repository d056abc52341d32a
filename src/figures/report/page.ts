import { text, type Html } from "./html.ts";
import { style } from "./style.ts";

export interface Page {
  /** What the tab is called. */
  readonly title: string;
  /** The run or file. */
  readonly name: string;
  readonly headline: string;
  /** The whole story in two sentences. */
  readonly lead: Html;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Sections; empty ones are left out. */
  readonly parts: readonly Html[];
  readonly footer: string;
}

/** One self-contained page, each part linked from the top: no script, nothing from elsewhere. */
export function page({ title, name, headline, lead, facts, parts, footer }: Page): string {
  const links = parts.flatMap((part) => {
    const [, id, heading] = /^<section id="([^"]+)"><h2>([^<]+)</.exec(part) ?? [];
    return id === undefined ? [] : [`<a href="#${id}">${heading}</a>`];
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="run">${text(name)}</p>
<h1>${text(headline)}</h1>
<p class="lead">${lead}</p>
<dl class="facts">${facts.map(([fact, value]) => `<div class="fact"><dt>${text(fact)}</dt><dd>${text(value)}</dd></div>`).join("")}</dl>
<nav aria-label="Parts of this report">${links.join("")}</nav>
</header>
${parts.filter((part) => part !== "").join("\n")}
<footer>${text(footer)}</footer>
</main>
</body>
</html>
`;
}
