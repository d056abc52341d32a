/** What the reader chose: the system's light or dark, or one of them. */
export const themeChoices = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const key = "groklab.theme";
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

let choice = $state<ThemeChoice>(stored());
let systemIsDark = $state(systemDark.matches);
systemDark.addEventListener("change", () => (systemIsDark = systemDark.matches));
show();

/** The theme that is shown, and how to change it. Reactive: figures are drawn again. */
export const theme = {
  get choice(): ThemeChoice {
    return choice;
  },
  get name(): "light" | "dark" {
    return choice === "system" ? (systemIsDark ? "dark" : "light") : choice;
  },
  choose(next: ThemeChoice): void {
    choice = next;
    show();
    try {
      localStorage.setItem(key, next);
    } catch {
      // Without storage the choice holds until the page is left.
    }
  },
};

function show(): void {
  if (choice === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
}

function stored(): ThemeChoice {
  try {
    const found = localStorage.getItem(key);
    return themeChoices.find((known) => known === found) ?? "system";
  } catch {
    return "system";
  }
}
