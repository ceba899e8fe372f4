/** Draws how something grows with the number of rows, both axes logarithmic. Nothing here knows of files. */

/**
 * Values above 0 by row number, from left to right; a reference is only what the others are set against.
 * @typedef {{ readonly name: string, readonly reference?: boolean, readonly points: readonly (readonly [number, number])[] }} Line
 * @typedef {{ readonly title: string, readonly lines: readonly Line[] }} Panel
 */

const PANEL = { width: 360, height: 250, left: 46, right: 84, top: 34, bottom: 32 };
const ROW_NAMES = new Intl.NumberFormat('en', { notation: 'compact' });
/** Steps of an axis within a power of ten. */
const STEPS = [1, 3];
/** Names at the ends of lines keep so far from each other. */
const LABEL_HEIGHT = 13;

/** By colour scheme: a reader's page may be of another than the reader's system, so it has a ground. */
const STYLE = `
  svg { font: 11px system-ui, sans-serif; }
  .ground { fill: #fff; } .grid { stroke: #d8dee4; } text { fill: #424a53; } .title { font-weight: 600; fill: #1f2328; }
  path { fill: none; stroke-width: 2; }
  .c0 { stroke: #0969da; } .c1 { stroke: #bc4c00; } .reference { stroke: #6e7781; stroke-dasharray: 2 4; }
  circle { stroke: none; } circle.c0 { fill: #0969da; } circle.c1 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; } .grid { stroke: #30363d; } text { fill: #b1bac4; } .title { fill: #f0f6fc; }
    .c0 { stroke: #58a6ff; } .c1 { stroke: #f0883e; } .reference { stroke: #8b949e; }
    circle.c0 { fill: #58a6ff; } circle.c1 { fill: #f0883e; }
  }`;

/**
 * Panels side by side, as SVG that follows the reader's colour scheme.
 * @param {string} description for who does not see it @param {readonly Panel[]} panels
 */
export function drawPanels(description, panels) {
  const width = panels.length * PANEL.width;
  const drawn = panels.map((panel, index) => {
    const content = drawPanel(panel).join('\n    ');
    return `  <g transform="translate(${String(index * PANEL.width)} 0)">\n    ${content}\n  </g>`;
  });
  const size = `${String(width)} ${String(PANEL.height)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" role="img" aria-label="${escaped(description)}">
  <style>${STYLE}
  </style>
  <rect class="ground" width="100%" height="100%" />
${drawn.join('\n')}
</svg>
`;
}

/**
 * Places on an axis for 1, 3, 10, 30, … that lie within the values, or next to them on both sides where
 * less than two do.
 * @param {readonly number[]} values above 0
 */
export function ticks(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const all = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++) {
    all.push(...STEPS.map((step) => Number(`${String(step)}e${String(power)}`)));
  }
  const below = all.filter((tick) => tick <= least).at(-1) ?? least;
  const above = all.find((tick) => tick >= most) ?? most;
  return all.filter((tick) => tick >= below && tick <= above);
}

/** @param {Panel} panel @returns {string[]} */
function drawPanel({ title, lines }) {
  const points = lines.flatMap((line) => line.points);
  const rows = ticks(points.map(([x]) => x));
  const values = ticks(points.map(([, y]) => y));
  const x = scale(rows, PANEL.left, PANEL.width - PANEL.right);
  const y = scale(values, PANEL.height - PANEL.bottom, PANEL.top);
  const right = fixed(PANEL.width - PANEL.right);
  const ends = spreadOut(lines.map((line) => y(line.points.at(-1)?.[1] ?? NaN)));
  return [
    `<text class="title" x="${String(PANEL.left)}" y="18">${escaped(title)}</text>`,
    ...values.flatMap((value) => [
      `<line class="grid" x1="${String(PANEL.left)}" x2="${right}" y1="${fixed(y(value))}" y2="${fixed(y(value))}" />`,
      `<text x="${String(PANEL.left - 6)}" y="${fixed(y(value) + 4)}" text-anchor="end">${nameOf(value)}</text>`,
    ]),
    ...rows.map(
      (value) =>
        `<text x="${fixed(x(value))}" y="${String(PANEL.height - 12)}" text-anchor="middle">${nameOf(value)}</text>`,
    ),
    ...lines.flatMap((line, index) => {
      const places = line.points.map(([row, value]) => [fixed(x(row)), fixed(y(value))]);
      const kind = line.reference === true ? 'reference' : `c${String(index)}`;
      const circles = places.map(
        ([cx, cy]) => `<circle class="${kind}" cx="${cx}" cy="${cy}" r="3" />`,
      );
      return [
        `<path class="${kind}" d="M${places.map((place) => place.join(' ')).join('L')}" />`,
        ...(line.reference === true ? [] : circles),
        `<text x="${fixed(PANEL.width - PANEL.right + 8)}" y="${fixed((ends[index] ?? NaN) + 4)}">${escaped(line.name)}</text>`,
      ];
    }),
  ];
}

/**
 * Logarithmic, from the first and last tick to these places.
 * @param {readonly number[]} values @param {number} from @param {number} to
 */
function scale(values, from, to) {
  const [least, most] = [Math.log(values[0] ?? NaN), Math.log(values.at(-1) ?? NaN)];
  return (/** @type {number} */ value) =>
    from + ((Math.log(value) - least) / (most - least)) * (to - from);
}

/** Moves what is too close downwards. @param {readonly number[]} places */
function spreadOut(places) {
  const moved = [...places];
  let last = -Infinity;
  const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  for (const index of order) {
    last = Math.max(places[index] ?? NaN, last + LABEL_HEIGHT);
    moved[index] = last;
  }
  return moved;
}

/** @param {number} value */
function nameOf(value) {
  return value < 1 ? String(value) : ROW_NAMES.format(value);
}

/** @param {number} value */
function fixed(value) {
  return value.toFixed(1);
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
