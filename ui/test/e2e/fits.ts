// Whether a view fits its window: the page never scrolls, and nothing sticks out of it or is cut off unseen.
import type { Page } from '@playwright/test';

/** A window, and how its text looks. Sizes are in pixels and percent. */
export interface Look {
  width: number;
  height: number;
  text: number;
  font: keyof typeof fonts;
}

/** Families of Debian's packages. The letters of the first are wider than those of any text font. */
const fonts = {
  wide: { font: '"DejaVu Sans Mono", "Noto Sans CJK SC"', mono: '"DejaVu Sans Mono"' },
  cjk: { font: '"Noto Sans CJK SC"', mono: '"Noto Sans Mono CJK SC"' },
  mono: { font: '"DejaVu Sans"', mono: '"Noto Sans Mono"' },
};

export async function looksLike(page: Page, look: Look): Promise<void> {
  const { width, height, text, font } = look;
  if (page.viewportSize()?.width !== width || page.viewportSize()?.height !== height) {
    await page.setViewportSize({ width, height });
  }
  await page.evaluate(
    ([text, { font, mono }]) => {
      const { style } = document.documentElement;
      style.fontSize = `${text}%`;
      style.setProperty('--font', font);
      style.setProperty('--mono', mono);
      // As when a person zooms.
      dispatchEvent(new Event('resize'));
    },
    [text, fonts[font]] as const,
  );
}

/** What does not fit. */
export function misfits(page: Page): Promise<string[]> {
  // Not innerWidth: a phone makes its window as wide as a page that does not fit.
  return page.evaluate(async ({ width, height }) => {
    // Lists put themselves in place when they change their size, and that takes a frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const found: string[] = [];
    const named = (one: Element) =>
      `${one.localName}.${one.getAttribute('class') ?? ''} “${(one.textContent ?? '').slice(0, 30)}”`;

    // A page that is larger than its window scrolls under a wheel, a finger or the focus.
    const app = document.getElementById('app') as HTMLElement;
    for (const [name, one] of Object.entries({ html: document.documentElement, body: document.body, app })) {
      const { scrollWidth, scrollHeight } = one;
      if (scrollWidth !== width || scrollHeight !== height) {
        found.push(`${name} is ${scrollWidth}×${scrollHeight} in a window of ${width}×${height}`);
      }
      one.scrollTo(1_000, 1_000);
      if (one.scrollTop || one.scrollLeft || scrollX || scrollY) {
        found.push(`${name} scrolls`);
        one.scrollTo(0, 0);
      }
    }
    if (getComputedStyle(document.documentElement).overscrollBehaviorY !== 'none') {
      found.push('a finger that pulls at the page loads it anew');
    }

    const open = document.querySelector('dialog[open], :popover-open') ?? document.body;
    for (const one of [open, ...open.querySelectorAll<HTMLElement>('*')]) {
      const style = getComputedStyle(one);
      const scrollsItself = one.closest('pre, table, .table, input');
      if (
        scrollsItself ||
        one.closest('.hidden, svg') ||
        !one.checkVisibility({ visibilityProperty: true })
      ) {
        continue;
      }
      let shortened = false;
      for (let up: Element | null = one; up && !shortened; up = up.parentElement) {
        shortened = getComputedStyle(up).textOverflow === 'ellipsis';
      }
      const box = one.getBoundingClientRect();
      if (!shortened && box.width && (box.right > width + 1 || box.left < -1)) {
        found.push(`${named(one)} from ${box.left.toFixed()} to ${box.right.toFixed()}`);
      }
      const wider = one.scrollWidth - one.clientWidth;
      if (style.overflowX !== 'visible' && !shortened && wider > 1 && !one.querySelector(':scope > pre')) {
        found.push(`${named(one)} is ${wider} px too wide for its box`);
      }
    }
    // What a person writes into, and where they read.
    const at = document.querySelector('[data-composer]')?.getBoundingClientRect();
    if (at && (at.bottom > height || at.height < 16)) {
      found.push(`the composer is from ${at.top.toFixed()} to ${at.bottom.toFixed()}`);
    }
    return found;
  }, page.viewportSize() ?? { width: 0, height: 0 });
}
