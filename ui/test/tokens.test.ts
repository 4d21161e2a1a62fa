// Computes the contrast of text and background from tokens.css, in both themes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../src/css/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    [light ?? '', dark ?? ''] as const,
  ]),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: 0 | 1): number {
  const pair = [one, other].map((name) => luminance(tokens.get(name)?.[theme] ?? ''));
  const [bright = 0, dark = 0] = pair.sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

/** A color where distances are as people see them (OKLab). */
function seen(hex: string): readonly number[] {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122 * r + 0.5363 * g + 0.0514 * b);
  const m = Math.cbrt(0.2119 * r + 0.6807 * g + 0.1074 * b);
  const s = Math.cbrt(0.0883 * r + 0.2817 * g + 0.63 * b);
  return [
    0.2105 * l + 0.7936 * m - 0.0041 * s,
    1.978 * l - 2.4286 * m + 0.4506 * s,
    0.0259 * l + 0.7828 * m - 0.8087 * s,
  ];
}

const grounds = ['bg', 'surface', 'raised', 'hover'];
const texts = [
  ...['fg', 'muted', 'accent', 'danger'].flatMap((text) => grounds.map((ground) => [text, ground])),
  ...['fg', 'accent', 'muted'].map((text) => [text, 'selection']),
  ...['ok', 'warn'].flatMap((text) => ['bg', 'surface', 'raised'].map((ground) => [text, ground])),
  ...['danger', 'danger-hover'].map((ground) => ['on-accent', ground]),
  ...['accent', 'accent-hover'].map((ground) => ['on-accent', ground]),
  ...Array.from({ length: 12 }, (_, color) => ['on-avatar', `avatar-${color}`]),
  ['mention-fg', 'mention-bg'],
  ['danger', 'danger-bg'],
] as [string, string][];

for (const [theme, name] of [
  [0, 'light'],
  [1, 'dark'],
] as const) {
  test.each(texts)(`%s on %s can be read in the ${name} theme`, (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(['bg', 'surface', 'raised'])(`controls can be seen on %s in the ${name} theme`, (ground) => {
    expect(contrast('control', ground, theme)).toBeGreaterThanOrEqual(3);
  });
  test(`no two colors of people are alike in the ${name} theme`, () => {
    const all = Array.from({ length: 12 }, (_, color) => seen(tokens.get(`avatar-${color}`)?.[theme] ?? ''));
    const far = all.flatMap((one, i) =>
      all.slice(0, i).map((other) => Math.hypot(...one.map((part, at) => part - (other[at] ?? 0)))),
    );
    expect(Math.min(...far)).toBeGreaterThan(0.07);
  });
}
