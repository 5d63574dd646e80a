/** Charts as SVG in the page: no script, no library, in the colours of the admin. */
import { escape as escaped } from '../../../utils/html';
import { SafeString } from '../../../utils/safestring';

/** Labels and their values, in order. */
export type Series = Iterable<readonly [label: string, value: number]>;

/** How a chart is drawn. */
export interface ChartOptions {
  /** What it shows, in a sentence: read aloud instead of the picture. */
  readonly label: string;
  /** Pixels of its coordinates; it is as wide as its card. Default: 320 × 120. */
  readonly width?: number;
  readonly height?: number;
}

const text = (value: unknown): string => String(escaped(String(value)));
const short = (value: number): string => String(Number(value.toFixed(2)));

interface Drawing {
  readonly points: readonly {
    readonly label: string;
    readonly value: number;
    readonly x: number;
    readonly y: number;
  }[];
  readonly step: number;
  readonly base: number;
  readonly width: number;
  readonly height: number;
}

/** Where the values are: zero is always in the picture, and what is no number is none. */
function layOut(series: Series, { width = 320, height = 120 }: ChartOptions): Drawing {
  const all = [...series].map(([label, value]) => [label, Number.isFinite(value) ? value : 0] as const);
  const values = all.map(([, value]) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const step = width / Math.max(all.length, 1);
  const at = (value: number): number => height - 4 - ((value - low) / span) * (height - 8);
  const points = all.map(([label, value], i) => ({ label, value, x: (i + 0.5) * step, y: at(value) }));
  return { points, step, base: at(0), width, height };
}

function svg({ width, height, points }: Drawing, label: string, body: string): SafeString {
  const said = points.map((point) => `${point.label}: ${short(point.value)}`).join(', ');
  return new SafeString(
    `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${text(`${label}: ${said}`)}">${body}</svg>`,
  );
}

/**
 * A bar for each value.
 *
 * @example
 * ```ts
 * admin.barChart([['Mon', 3], ['Tue', 5]], { label: 'Orders of this week' });
 * ```
 */
export function barChart(series: Series, options: ChartOptions): SafeString {
  const drawing = layOut(series, options);
  const { points, step, base } = drawing;
  const bars = points.map(({ label, value, x, y }) => {
    const [top, size] = [Math.min(y, base), Math.max(Math.abs(base - y), 1)];
    const place = `x="${short(x - step * 0.4)}" y="${short(top)}" width="${short(step * 0.8)}" height="${short(size)}"`;
    return `<rect ${place}><title>${text(label)}: ${short(value)}</title></rect>`;
  });
  return svg(drawing, options.label, bars.join(''));
}

/** A line through the values. */
export function lineChart(series: Series, options: ChartOptions): SafeString {
  const drawing = layOut(series, options);
  const { points } = drawing;
  const line = points.map(({ x, y }) => `${short(x)},${short(y)}`).join(' ');
  const dots = points.map(
    ({ label, value, x, y }) =>
      `<circle cx="${short(x)}" cy="${short(y)}" r="3"><title>${text(label)}: ${short(value)}</title></circle>`,
  );
  return svg(drawing, options.label, `<polyline points="${line}"/>${dots.join('')}`);
}
