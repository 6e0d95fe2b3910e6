import { styleText, stripVTControlCharacters } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colour on a terminal, plain text in a pipe and under NO_COLOR. */
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;

const styled =
  (style: Style) =>
  (text: string): string =>
    colour ? styleText(style, text) : text;

export const bold = styled("bold");
export const dim = styled("dim");
export const green = styled("green");
export const yellow = styled("yellow");

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd();
  return [dim(line(head)), ...rows.map(line)].join("\n");
}
