// Choices of this browser.
import { pickLocale, setLocale } from './i18n';
import { oneEmoji } from './kit/oneEmoji';
import { defaultPrefs, type Prefs, prefs } from './store/prefs';

const key = 'parley.prefs';
const year = 31_536_000;

/** Changes one choice, keeps it and puts it into effect. */
export async function setPref<K extends keyof Prefs>(name: K, value: Prefs[K]): Promise<void> {
  prefs.value = { ...prefs.value, [name]: value };
  try {
    localStorage.setItem(key, JSON.stringify(prefs.value));
  } catch {
    // Storage is full or forbidden. The choice is lost when the page is left.
  }
  await usePrefs();
}

/** Reads the choices and puts them into effect. Called by start. */
export async function loadPrefs(): Promise<void> {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Prefs>;
    const recent = kept.recentEmoji ?? defaultPrefs.recentEmoji;
    prefs.value = { ...defaultPrefs, ...kept, recentEmoji: [...new Set(recent.map(oneEmoji))] };
  } catch {
    prefs.value = defaultPrefs;
  }
  await usePrefs();
}

/** Adds an emoji to the recent ones. One that is there already stays in its place, under the pointer. */
export function noteEmoji(emoji: string): void {
  if (prefs.value.recentEmoji.includes(emoji)) {
    return;
  }
  const recent = [emoji, ...prefs.value.recentEmoji].slice(0, 6);
  void setPref('recentEmoji', recent);
}

// The server reads these cookies and writes theme and language into the page, so the first frame is right.
async function usePrefs(): Promise<void> {
  const { theme, language } = prefs.value;
  document.documentElement.dataset.theme = theme;
  setCookie('theme', theme === 'system' ? '' : theme);
  setCookie('lang', language === 'system' ? '' : language);
  await setLocale(pickLocale(language, navigator.languages));
}

function setCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs a secure context
  document.cookie = `${name}=${value};path=/;max-age=${value ? year : 0};samesite=lax`;
}
