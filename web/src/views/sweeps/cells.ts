interface Cell {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The nearest cell in the direction of an arrow key: straight ahead counts more than near. */
export function nearestCell(cells: readonly Cell[], from: Cell, key: string): Cell | undefined {
  const direction = directions[key];
  if (!direction) return undefined;
  const [dx, dy] = direction;
  let best: { readonly cell: Cell; readonly cost: number } | undefined;
  for (const cell of cells) {
    const [x, y] = [cell.x - from.x, cell.y - from.y];
    const ahead = x * dx + y * dy;
    if (ahead <= 1) continue;
    const cost = ahead + 4 * Math.abs(x * dy - y * dx);
    if (!best || cost < best.cost) best = { cell, cost };
  }
  return best?.cell;
}

/** The label of the cell beside another in a drawn map; the first one where none is chosen. */
export function cellBeside(map: Element, label: string | undefined, key: string): string | undefined {
  const cells = [...map.querySelectorAll("[data-cell]")].map((group): Cell => {
    const rect = group instanceof SVGRectElement ? group : group.querySelector("rect");
    const [x, y] = ["x", "y"].map((name) => Number(rect?.getAttribute(name)));
    return { label: group.getAttribute("data-cell") ?? "", x, y };
  });
  const from = cells.find((cell) => cell.label === label);
  return from ? nearestCell(cells, from, key)?.label : cells.at(0)?.label;
}
