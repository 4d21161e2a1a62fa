// What tests measure. They pass however slow the machine is; only `make bench-ui` judges the figures.
import { test } from '@playwright/test';

export interface Figure {
  what: string;
  value: number;
  unit: 'ms' | '%' | 'MB';
  /** What it may be at most; a figure without it is only printed. */
  most?: number | undefined;
}

/** Tests with figures that are judged have this tag. */
export const bench = { tag: '@bench' };

/** Notes a figure for the report, which is bench.ts. */
export function figure(what: string, value: number, unit: Figure['unit'], most?: number): void {
  const one: Figure = { what, value, unit, most };
  test.info().annotations.push({ type: 'figure', description: JSON.stringify(one) });
}
