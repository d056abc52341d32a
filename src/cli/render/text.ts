/** Text without the sequences that color it. */
// eslint-disable-next-line no-control-regex -- the escape character is what begins them
export const uncolored = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, "");

/** Columns that a text takes: code points, which is right for what groklab itself writes. */
export const width = (text: string): number => [...uncolored(text)].length;

/** Cut to so many columns, the last of them an ellipsis. For text without color. */
export function clipped(text: string, columns: number): string {
  const points = [...text];
  if (points.length <= columns) return text;
  return columns < 1 ? "" : `${points.slice(0, columns - 1).join("")}…`;
}

export const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - width(text)));
export const padStart = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - width(text))) + text;

/** Broken between words into lines of at most so many columns; a longer word gets a line of its own. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** On one line, without control characters, so that a name or path from outside cannot move the cursor. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "?")
    .trim();
