import { dark, light, themeVariables } from "../../../src/figures/svg/theme.ts";

/**
 * The colors of figures as variables of the page, so that one drawing (theme `adaptive`) follows the reader's choice of
 * light and dark without being drawn again. Their paper is the page's.
 */
export function installFigureColors(): void {
  const own = (name: "light" | "dark"): string => themeVariables(name === "light" ? light : dark);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `:root { ${own("light")} }
     @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${own("dark")} } }
     :root[data-theme="dark"] { ${own("dark")} }
     :root:root { --gl-paper: transparent; }`,
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
